import { ask, choice, count, expiry, field, follow, get, h, here, isPair, listOf, may, nameField, post, readExpiry, select, session, t, text, tick, workspaceOf } from '../ui.js';
import { showMade } from './secret.js';

// Who may not see integrations may still know them by their keys.
async function owners() {
	const { items } = await get(may('integrations') ? 'applications' : 'credentials', { workspace: here().query.get('workspace'), limit: 200 });
	return may('integrations') ? items : [...new Map(items.map(row => [row.applicationId, { ...row, id: row.applicationId, name: row.applicationName }])).values()];
}

export const usual = row => workspaceOf(row)?.defaultLifetimeDays && `After ${count(workspaceOf(row).defaultLifetimeDays, 'day')}, as the workspace has it`;

export const environments = (legend = 'Environment') => session.me.environments.length > 1 && choice(legend, 'environment', session.me.environments.map(name => [name, name]));

// + API Key and Generate Key, Generate API token, and a long-lived token from the menu of its KeyPair.
export async function newKey({ app, parent, isToken = !!parent } = {}) {
	const list = app ? [app] : parent ? [{ id: parent.applicationId, workspaceId: parent.workspaceId }] : await owners();
	const where = select('applicationId', list.map(row => [row.id, session.workspaces.length > 1 ? `${row.name} · ${row.workspaceName}` : row.name]), null, { required: true });
	const ends = h('div');
	follow(where, () => ends.replaceChildren(...expiry(usual(list.find(({ id }) => id === where.value)))));
	const made = await ask(parent ? 'Generate a long-lived token' : isToken ? 'Generate an API token' : app ? 'Generate a Key' : 'New API key', {
		action: isToken ? 'Generate' : app ? 'Generate Key' : 'Create',
		content: [
			parent && h('p', t`It acts as ${parent}, and is refused when that key is.`),
			nameField(null, 'Unique in the workspace, such as the program and its place.', isToken ? 'Label' : 'Name'),
			!app && !parent && field('Integration', where, list[199] ? 'The newest 200; the others have Generate Key on their pages.' : list.length ? 'The program that uses it.' : 'There is none yet: make a New Integration first.'),
			!isToken && may('apiTokens') && choice('What', 'kind', [
				['keyPair', 'Key and Secret', 'Signs each request, or logs in for tokens. The Secret never travels with a request.'],
				['apiToken', 'API token', 'One text that is sent with each request, for callers that cannot sign.'],
			]),
			!parent && environments(),
			ends,
			!parent && h('details', h('summary', 'More settings'),
				field('Scopes', text('scopes'), 'What its holder may do, such as orders.read; several with spaces between.'),
				field('Not before', text('notBefore', { type: 'datetime-local', dir: null }), 'Until then it is Scheduled, and refused.'),
				!isToken && tick('login', 'May log in with its Secret', true, 'Without, it can only sign.')),
		],
		run: v => {
			const kind = isToken ? 'apiToken' : v('kind') ?? 'keyPair';
			return post('credentials', {
				applicationId: where.value,
				kind,
				name: v('name'),
				parentId: parent?.id,
				environment: parent?.environment ?? v('environment'),
				scopes: parent?.scopes ?? listOf(v('scopes')),
				notBefore: v('notBefore') && new Date(v('notBefore')).toISOString(),
				...readExpiry(v),
				clientSecretAllowed: kind === 'keyPair' ? v.has('login') : undefined,
			});
		},
		said: ({ credential }) => t`${credential} is made.`,
	});
	if (made) showMade(`Your new ${isPair(made.credential) ? 'Key and Secret' : 'API token'}`, made);
}
