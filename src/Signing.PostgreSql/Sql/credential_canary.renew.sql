-- Unless another node has renewed it meanwhile.
UPDATE signing.credential_canary SET sealed = @renewed WHERE sealed = @known
