-- +goose Up
-- A file that arrives in pieces. Its pieces lie in the place of files until
-- it is whole.
CREATE TABLE upload (
  id      TEXT   PRIMARY KEY,    -- 128 random bits: who began it knows it
  owner   BIGINT,                -- account that brings it
  sender  TEXT   NOT NULL,       -- keyed digest of the account or the address, for the bounds
  size    BIGINT NOT NULL,       -- announced
  at_byte BIGINT NOT NULL,       -- so much is here
  pieces  TEXT   NOT NULL,       -- their keys in the order of the bytes, as JSON
  sum     BYTEA,                 -- SHA-256 that the sender announced
  capture TEXT   NOT NULL,       -- what the device said of where and when it was taken, as JSON; '' where it said nothing
  blob    TEXT   NOT NULL,       -- '' until it is whole
  until   BIGINT NOT NULL        -- what is not whole by then is forgotten
);
CREATE INDEX upload_sender ON upload (sender);
CREATE INDEX upload_until ON upload (until);
-- Where and when a file was taken, as its sender's device said (拍摄时间地点).
CREATE TABLE blob_capture (
  blob        TEXT PRIMARY KEY,
  stage       TEXT   NOT NULL,   -- before or after the work; '' for neither
  taken       BIGINT,            -- by the device's clock when the shutter was pressed
  lon         DOUBLE PRECISION,
  lat         DOUBLE PRECISION,
  accuracy    DOUBLE PRECISION,  -- metres, as the device reckons
  exif_taken  BIGINT,            -- by the picture's own notes, read before it was made small
  exif_lon    DOUBLE PRECISION,
  exif_lat    DOUBLE PRECISION,
  received    BIGINT NOT NULL    -- when the whole file was here
);
-- +goose Down
DROP TABLE blob_capture;
DROP TABLE upload;
