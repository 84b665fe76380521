-- +goose Up
-- Stock of start-up packs: what came and what went. What is there is the sum.
CREATE TABLE hall_pack_stock (
  id     BIGINT PRIMARY KEY,
  hall   TEXT   NOT NULL,
  pack   TEXT   NOT NULL,
  delta  INT    NOT NULL,
  reason TEXT   NOT NULL,            -- received, counted, given
  note   TEXT   NOT NULL,
  actor  BIGINT NOT NULL,
  at     BIGINT NOT NULL
);
CREATE INDEX hall_pack_stock_of ON hall_pack_stock (hall, pack);
-- To which enterprise a pack was given: once.
CREATE TABLE hall_pack_grant (
  id        BIGINT PRIMARY KEY,
  hall      TEXT   NOT NULL,
  pack      TEXT   NOT NULL,
  uscc      TEXT   NOT NULL,
  name      TEXT   NOT NULL,
  contents  TEXT   NOT NULL,         -- as they were, with prices: JSON
  fen       BIGINT NOT NULL,         -- what the enterprise saved
  licensed  TEXT   NOT NULL,         -- day of its licence, or ''
  actor     BIGINT NOT NULL,
  at        BIGINT NOT NULL,
  UNIQUE (pack, uscc)
);
CREATE INDEX hall_pack_grant_at ON hall_pack_grant (hall, id);
-- +goose Down
DROP TABLE hall_pack_grant;
DROP TABLE hall_pack_stock;
