// The admin API, relative to the base of the page.
class ApiError extends Error {
	constructor(status, { code, title, remedy, detail }) {
		super(title);
		Object.assign(this, { status, code, remedy: detail ?? remedy });
	}
}

// Who is signed in, and the workspaces they see.
export const session = { me: null, workspaces: [] };

export const may = what => session.me.can.includes(what);

// Who makes and deletes workspaces, and gives this scope.
export const mayAll = () => may('administer') && !session.me.workspaces;
export const mayGive = key => !key.scopes.includes('signing.manage') || mayAll();

export const workspaceOf = row => session.workspaces.find(({ id }) => id === row?.workspaceId);

export async function start() {
	[{ items: session.workspaces }] = await Promise.all([get('workspaces', { limit: 200 }), know()]);
}

async function know() {
	session.me = { ...await get('me'), seen: performance.now() };
}

export function get(path, query = {}) {
	const pairs = Object.entries(query).filter(([, value]) => value);
	return call('GET', pairs.length ? `${path}?${new URLSearchParams(pairs)}` : path);
}

export const post = (path, body, version) => call('POST', path, body, version);

// A change is of the version seen, so that nobody's change is written over.
const tables = { ws: 'workspaces', app: 'applications', crd: 'credentials', shk: 'sharing-keys' };
export const pathOf = id => `${tables[id.split('_')[0]] ?? 'credentials'}/${encodeURIComponent(id)}`;
export const act = (row, verb, body = {}) => post(`${pathOf(row.id)}:${verb}`, body, row.version);
export const patch = (row, body) => call('PATCH', pathOf(row.id), body, row.version);
export const remove = async row => { await call('DELETE', pathOf(row.id), undefined, row.version); };

async function call(method, path, body, version, isSecond) {
	const headers = { Accept: 'application/json' };
	if (body) headers['Content-Type'] = 'application/json';
	if (version) headers['If-Match'] = `"${version}"`;
	if (method !== 'GET') headers[session.me.antiforgery.header] = session.me.antiforgery.token;
	const response = await fetch(new URL(`api/v1/${path}`, document.baseURI), { method, headers, body: JSON.stringify(body), redirect: 'manual' })
		.catch(() => { throw new ApiError(0, unreachable(method)); });
	const answer = await response.json().catch(() => null);
	if (response.ok) return answer;
	// Nothing was done yet: a tab that was open for long gets another token, and sends once more.
	if (answer?.code === 'antiforgery_failed' && !isSecond) {
		await know();
		return call(method, path, body, version, true);
	}
	throw new ApiError(response.status, answer?.code ? answer : unexpected(response));
}

const unreachable = method => ({
	code: 'no_answer',
	title: 'The server did not answer.',
	remedy: method === 'GET' ? 'Look at your connection and try again.' : 'It may have done it all the same: look at the list before you try again.',
});

function unexpected({ status, type }) {
	if (type === 'opaqueredirect' || status === 401) return { code: 'signed_out', title: 'You are no longer signed in.', remedy: 'Reload the page to sign in again.' };
	if (status === 403) return { code: 'forbidden', title: 'You may not do this.', remedy: 'Ask an administrator.' };
	return { code: `http_${status}`, title: 'The server answered with an error.', remedy: 'Try again; if it stays so, tell whoever runs the server.' };
}
