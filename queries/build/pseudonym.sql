-- One row is nothing: this makes the macro that turns a reference into its pseudonym.
-- From HMAC-SHA256 (RFC 2104) with the pads of the key, cut to 64 bits.
-- Caveat: temporary, so that the key never reaches the snapshot.
create or replace temp macro pseudonym(reference, inner_pad, outer_pad) as
    left(sha256(outer_pad || unhex(sha256(inner_pad || encode(reference)))), 16)
