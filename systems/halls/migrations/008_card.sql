-- +goose Up
-- Sign-ins by identity card at a device (刷身份证): what came of each. Nothing of the card
-- is kept but a keyed hash of its number, by which tries are counted.
CREATE TABLE hall_card_sign (
  id      BIGINT PRIMARY KEY,
  device  BIGINT NOT NULL,
  digest  BYTEA  NOT NULL,
  outcome TEXT   NOT NULL, -- signed, face, lost, over, unknown
  at      BIGINT NOT NULL
);
CREATE INDEX hall_card_sign_of ON hall_card_sign (digest, at);
-- +goose Down
DROP TABLE hall_card_sign;
