import { button, empty, h, list, may, primary, stateNames } from '../ui.js';
import { columns } from '../keys/columns.js';
import { newKey } from '../keys/new.js';

const add = id => primary('API Key', () => newKey(), id, { 'aria-label': '+ API Key' });

export const keys = () => list({
	title: 'API Keys',
	path: 'credentials',
	filters: [['state', 'Any state', stateNames], ['kind', 'Any kind', [['keyPair', 'Key and Secret'], ['apiToken', 'API token']]]],
	columns: Object.values(columns),
	none: () => empty('key', 'No API key yet', 'A program that calls the API needs one. Make it here, and give it to whoever runs the program.', may('manage') && add('first-key')),
	actions: may('manage') && [may('apiTokens') && button('Generate API token', () => newKey({ isToken: true }), { id: 'generate-token' }), add('new-key')],
	lead: h('details.lead', h('summary', 'More information'),
		h('p', h('strong', 'Key and Secret'), ': a program signs each request with them (RFC 9421), or logs in for tokens. The Key is public; the Secret stays with the program.'),
		h('p', h('strong', 'API token'), ': one text that is sent with each request. Simpler, and whoever reads it can use it: give it an end, and few scopes.'),
		h('p', 'An expired key is refused with the code ', h('code', 'expired'), ', and Renew brings the same key back. A revoked one is refused for good; its row stays.')),
});
