-- +goose Up
-- Collections (异地收件): what another office took in for the authority.
CREATE TABLE service_collection (
  matter     BIGINT PRIMARY KEY,
  origin     TEXT   NOT NULL,        -- unit that collected
  region     TEXT   NOT NULL,        -- of a partner; '' this district
  points     TEXT   NOT NULL,        -- JSON: the checklist as it was ticked, by form alone
  at         BIGINT NOT NULL,
  by         BIGINT,
  limit_text TEXT   NOT NULL         -- agreed for the way (约定转送时限)
);
-- Papers (纸质材料), each in one place.
CREATE TABLE service_piece (
  id       BIGINT PRIMARY KEY,
  matter   BIGINT NOT NULL,
  material TEXT   NOT NULL,
  form     TEXT   NOT NULL,          -- original, copy
  copies   INT    NOT NULL,
  place    TEXT   NOT NULL,          -- counter, bag, owner, lost, returned, post
  bag      BIGINT,                   -- while it is in one
  seq      INT    NOT NULL
);
CREATE INDEX service_piece_matter ON service_piece (matter, id);
CREATE INDEX service_piece_bag ON service_piece (bag) WHERE bag IS NOT NULL;
-- Where papers were, in order: a paper's place is that of its last move.
CREATE TABLE service_piece_move (
  piece BIGINT NOT NULL,
  seq   INT    NOT NULL,
  at    BIGINT NOT NULL,
  place TEXT   NOT NULL,
  bag   BIGINT,
  by    BIGINT,
  PRIMARY KEY (piece, seq)
);
-- Bags (材料袋), beside their matters.
CREATE TABLE service_bag (
  id          BIGINT PRIMARY KEY,    -- the matter
  no          TEXT   NOT NULL UNIQUE,-- with its check character
  origin      TEXT   NOT NULL,
  destination TEXT   NOT NULL,
  holder      TEXT   NOT NULL,       -- who has it now, as the chain's last link says
  seals       TEXT   NOT NULL,       -- JSON: numbers on the bag
  list        TEXT   NOT NULL,       -- JSON: papers in it when it was sealed
  list_hash   TEXT   NOT NULL,
  links       INT    NOT NULL,
  head        TEXT   NOT NULL,       -- hash of the last link
  sealed_at   BIGINT,
  sent_at     BIGINT,
  received_at BIGINT,                -- when it was handed to its destination
  opened_at   BIGINT,
  checked_at  BIGINT
);
CREATE INDEX service_bag_origin ON service_bag (origin, id);
CREATE INDEX service_bag_destination ON service_bag (destination, id);
-- The custody chain (交接链): append only, each link over the hash of the one before.
CREATE TABLE service_custody (
  bag         BIGINT NOT NULL,
  seq         INT    NOT NULL,
  kind        TEXT   NOT NULL,       -- pack, seal, unseal, unpack, hand_over, receive, open, check, settle, lose, find
  at          BIGINT NOT NULL,       -- when it happened
  entered_at  BIGINT NOT NULL,
  by          BIGINT,                -- who entered it
  from_holder TEXT   NOT NULL,
  to_holder   TEXT   NOT NULL,
  from_sign   TEXT   NOT NULL,
  to_sign     TEXT   NOT NULL,
  place       TEXT   NOT NULL,
  seal        TEXT   NOT NULL,       -- intact, broken; '' not sealed
  photo       TEXT   NOT NULL,
  photo_hash  TEXT   NOT NULL,
  list_hash   TEXT   NOT NULL,
  note        TEXT   NOT NULL,       -- masked
  prev        TEXT   NOT NULL,
  hash        TEXT   NOT NULL,
  PRIMARY KEY (bag, seq)
);
-- What differed from the list.
CREATE TABLE service_bag_difference (
  id         BIGINT PRIMARY KEY,
  bag        BIGINT NOT NULL,
  kind       TEXT   NOT NULL,        -- missing, extra, broken_seal
  piece      BIGINT,
  matter     BIGINT,
  what       TEXT   NOT NULL,        -- of what is extra; masked
  way        TEXT   NOT NULL,        -- '' not settled
  note       TEXT   NOT NULL,
  at         BIGINT NOT NULL,
  by         BIGINT,
  settled_at BIGINT,
  settled_by BIGINT
);
CREATE INDEX service_bag_difference_bag ON service_bag_difference (bag, id);
-- +goose Down
DROP TABLE service_bag_difference;
DROP TABLE service_custody;
DROP TABLE service_bag;
DROP TABLE service_piece_move;
DROP TABLE service_piece;
DROP TABLE service_collection;
