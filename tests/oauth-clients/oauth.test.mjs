// Two OAuth clients that are not ours, used as their documentation says. TOKEN_API names the program of samples/TokenApi.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as oauth from 'oauth4webapi';
import * as openid from 'openid-client';
import { clientId, clientSecret, startServer } from './server.mjs';

// Both clients demand https unless told that this is a test on loopback.
const insecure = { [oauth.allowInsecureRequests]: true };

let server;
before(async () => { server = await startServer(process.env.TOKEN_API); });
after(() => server?.stop());

async function call(token) {
  const response = await fetch(`${server.origin}/orders`, { headers: { authorization: `Bearer ${token}` } });
  return { status: response.status, challenge: response.headers.get('www-authenticate'), text: await response.text() };
}

for (const [name, authentication] of [
  ['client_secret_basic', oauth.ClientSecretBasic(clientSecret)],
  ['client_secret_post', oauth.ClientSecretPost(clientSecret)],
]) {
  test(`oauth4webapi discovers, logs in, calls, refreshes, introspects and revokes by ${name}`, async () => {
    const client = { client_id: clientId };
    const metadata = await oauth.processDiscoveryResponse(
      server.issuer, await oauth.discoveryRequest(server.issuer, { ...insecure, algorithm: 'oauth2' }));
    assert.equal(metadata.token_endpoint, `${server.origin}/auth/token`);

    const first = await oauth.processClientCredentialsResponse(metadata, client, await oauth.clientCredentialsGrantRequest(
      metadata, client, authentication, new URLSearchParams({ scope: 'orders.read' }), insecure));
    assert.equal(first.token_type, 'bearer');
    assert.equal(first.expires_in, 900);
    assert.equal(first.scope, 'orders.read');
    assert.deepEqual(await call(first.access_token), { status: 200, challenge: null, text: `{"caller":"${clientId}","orders":"tea, coffee"}` });

    const second = await oauth.processRefreshTokenResponse(metadata, client, await oauth.refreshTokenGrantRequest(
      metadata, client, authentication, first.refresh_token, insecure));
    assert.notEqual(second.refresh_token, first.refresh_token);
    assert.equal((await call(second.access_token)).status, 200);

    const known = await introspect(metadata, client, authentication, second.access_token);
    assert.equal(known.active, true);
    assert.equal(known.client_id, clientId);
    assert.equal(known.scope, 'orders.read');
    assert.equal(known.iss, server.issuer.href);
    assert.deepEqual(await introspect(metadata, client, authentication, 'not a token'), { active: false });

    await oauth.processRevocationResponse(await oauth.revocationRequest(metadata, client, authentication, second.refresh_token, insecure));
    assert.deepEqual(await introspect(metadata, client, authentication, second.access_token), { active: false });
    const refused = await call(second.access_token);
    assert.equal(refused.status, 401);
    assert.match(refused.challenge, /^Bearer error="invalid_token", .*code="revoked"$/);
    await assert.rejects(
      async () => oauth.processRefreshTokenResponse(metadata, client, await oauth.refreshTokenGrantRequest(
        metadata, client, authentication, second.refresh_token, insecure)),
      error => error instanceof oauth.ResponseBodyError && error.error === 'invalid_grant' && error.status === 400);
  });
}

test('oauth4webapi understands that its secret is wrong', async () => {
  const client = { client_id: clientId };
  const metadata = await oauth.processDiscoveryResponse(
    server.issuer, await oauth.discoveryRequest(server.issuer, { ...insecure, algorithm: 'oauth2' }));

  await assert.rejects(
    async () => oauth.processClientCredentialsResponse(metadata, client, await oauth.clientCredentialsGrantRequest(
      metadata, client, oauth.ClientSecretPost('wrong, but long enough'), new URLSearchParams(), insecure)),
    error => (error instanceof oauth.ResponseBodyError && error.error === 'invalid_client')
      || (error instanceof oauth.WWWAuthenticateChallengeError && error.status === 401));
});

test('openid-client discovers, logs in, calls, refreshes, introspects and revokes', async () => {
  const configuration = await openid.discovery(server.issuer, clientId, clientSecret, undefined, {
    algorithm: 'oauth2',
    execute: [openid.allowInsecureRequests],
  });

  const first = await openid.clientCredentialsGrant(configuration);
  assert.equal(first.expires_in, 900);

  // What is left of it when it is asked, in whole seconds.
  assert.ok([899, 900].includes(first.expiresIn()), `${first.expiresIn()}`);
  assert.equal(first.scope, 'orders.read orders.write');
  assert.equal((await call(first.access_token)).status, 200);

  const second = await openid.refreshTokenGrant(configuration, first.refresh_token);
  assert.notEqual(second.access_token, first.access_token);
  assert.equal((await openid.tokenIntrospection(configuration, second.refresh_token)).active, true);

  await openid.tokenRevocation(configuration, second.access_token);
  assert.equal((await openid.tokenIntrospection(configuration, second.refresh_token)).active, false);
  await assert.rejects(openid.refreshTokenGrant(configuration, second.refresh_token), error => error.error === 'invalid_grant');
});

async function introspect(metadata, client, authentication, token) {
  return oauth.processIntrospectionResponse(metadata, client, await oauth.introspectionRequest(metadata, client, authentication, token, insecure));
}
