SELECT sealed FROM signing.credential_canary
