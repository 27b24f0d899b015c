UPDATE signing.credential_canary SET sealed = @renewed WHERE sealed = @known
