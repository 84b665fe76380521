-- +goose Up
-- Pieces of the demonstration's past that are there, each written with it, so that one that
-- was cut off goes on.
CREATE TABLE hall_simulated (
  piece TEXT   PRIMARY KEY,
  n     BIGINT NOT NULL
);
-- +goose Down
DROP TABLE hall_simulated;
