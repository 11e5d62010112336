"""Statistics: arrays or Series in, named results out; nothing here knows SQL, charts or pages."""
