-- +goose Up
-- The backlog at the end of each local day: one row a unit, item and street,
-- written once and never changed.
CREATE TABLE appeal_open_day (
  day    TEXT   NOT NULL,
  unit   TEXT   NOT NULL,
  item   TEXT   NOT NULL,
  street TEXT   NOT NULL,
  state  TEXT   NOT NULL,
  open   BIGINT NOT NULL,
  late   BIGINT NOT NULL,
  aged   BIGINT NOT NULL,            -- open for more than 14 days
  PRIMARY KEY (day, unit, item, street, state)
);
-- Views of figures that people keep and share.
CREATE TABLE figure_view (
  id      BIGINT PRIMARY KEY,
  account BIGINT NOT NULL,
  name    TEXT   NOT NULL,
  query   TEXT   NOT NULL,           -- JSON
  shared  BOOLEAN NOT NULL,          -- with all who may ask; each sees their own rows
  at      BIGINT NOT NULL
);
CREATE INDEX figure_view_account ON figure_view (account);
-- +goose Down
DROP TABLE figure_view;
DROP TABLE appeal_open_day;
