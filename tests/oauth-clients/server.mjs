// Starts samples/TokenApi on a free loopback port, and waits until it answers.
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const clientId = 'npm_key_1';
export const clientSecret = 'npm secret: with a colon, + and ü, long enough';

export async function startServer(program) {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const data = await mkdtemp(join(tmpdir(), 'signing-oauth-'));
  const environment = {
    ...process.env,
    ASPNETCORE_ENVIRONMENT: 'Development',
    Data: data,
    Issuer: `${origin}/auth`,
    RefreshTokens: 'true',
    Signing__Credentials__0__Key: clientId,
    Signing__Credentials__0__Secret: clientSecret,
    Signing__Credentials__0__Scopes: 'orders.read orders.write',
  };
  const server = spawn('dotnet', [program, '--urls', origin], { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve, reject) => {
    server.once('exit', code => reject(new Error(`The server ended with ${code}.`)));
    server.stdout.on('data', text => text.includes('Now listening on:') && resolve());
  });
  server.removeAllListeners('exit');
  server.stdout.resume();
  const stop = async () => {
    const ended = new Promise(resolve => server.once('exit', resolve));
    server.kill();
    await ended;
    await rm(data, { recursive: true });
  };
  return { origin, issuer: new URL(`${origin}/auth`), stop };
}

async function freePort() {
  const probe = createServer();
  await new Promise(resolve => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address();
  await new Promise(resolve => probe.close(resolve));
  return port;
}
