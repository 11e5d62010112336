"""From fetched frames to the tables that are drawn: complete, labelled, beside their populations."""
