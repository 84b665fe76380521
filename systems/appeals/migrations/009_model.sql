-- +goose Up
-- What the models learned, beside their entries: every process has it, and a
-- backup too. Models that lay as files under models/ are trained anew at night.
CREATE TABLE dispatch_model_body (
  model BIGINT NOT NULL,
  what  TEXT   NOT NULL,          -- item, unit
  body  BYTEA  NOT NULL,          -- see learn.Decode
  PRIMARY KEY (model, what)
);
-- +goose Down
DROP TABLE dispatch_model_body;
