-- +goose Up
-- The parts of a message that asks for several things (一诉多求). Each part is an appeal;
-- the message itself is the first. None is changed but that its division was undone.
CREATE TABLE appeal_part (
  source    BIGINT NOT NULL,         -- the appeal as which the message was filed
  division  INT    NOT NULL,         -- how often it had been divided
  n         INT    NOT NULL,         -- 1 is the source itself
  appeal    BIGINT NOT NULL,
  words     TEXT   NOT NULL,         -- of the message, masked
  starts    INT    NOT NULL,         -- where they stand in it, in characters
  ends      INT    NOT NULL,
  at        BIGINT NOT NULL,
  actor     BIGINT,
  undone_at BIGINT,
  PRIMARY KEY (source, division, n)
);
CREATE UNIQUE INDEX appeal_part_appeal ON appeal_part (appeal) WHERE undone_at IS NULL;
-- +goose Down
DROP TABLE appeal_part;
