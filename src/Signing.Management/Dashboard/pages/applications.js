import { button, code, count, empty, get, h, here, icon, lastSecret, link, list, may, muted, named, state, time, facts } from '../ui.js';
import { reveal } from '../keys/life.js';
import { newApp, newIntegration } from './new-application.js';

// Cards with what was entered, and the first pair of each.
export const applications = () => list({
	title: 'Integrations',
	path: 'applications',
	search: 'Find by name, bundle id or App ID',
	draw: rows => h('ul.cards', rows.map(card)),
	prepare: async rows => {
		const recent = await pairs({ workspace: here().query.get('workspace') });
		await Promise.all(rows.map(async row => {
			const own = ({ items }) => items.find(key => key.applicationId === row.id && key.state !== 'revoked');
			row.pair = own(recent) ?? (recent.next && own(await pairs({ application: row.id })));
		}));
	},
	none: () => empty('integrations', 'No integration yet', 'An integration is a program of a customer. Make one, and give its Key and Secret to whoever runs it.', may('manage') && newIntegration('first-integration')),
	actions: may('manage') && [newApp(), newIntegration()],
});

const pairs = query => get('credentials', { ...query, kind: 'keyPair', limit: 200 });

const card = ({ pair, ...row }) => h('li.card',
	h('h2', h('a', { href: link(`applications/${row.id}`) }, named(row.name)), state(row.status)),
	row.bundleId && h('code.muted', named(row.bundleId)),
	row.description && h('p.clip', named(row.description)),
	pair && facts([
		['Key', code(pair.key, 'Key')],
		['Secret', h('span.line', h('code', `••••${lastSecret(pair).hint}`), pair.canReveal && button([icon('eye'), 'Reveal'], () => reveal(pair), { class: 'small', id: `reveal-${pair.id}` }))],
	]),
	h('p.foot', count(row.credentialCount, 'key'), row.connectedApis.length > 0 && h('span', count(row.connectedApis.length, 'API')),
		h('span.push', row.lastUsed ? ['Used ', time(row.lastUsed.at)] : muted('Never used'))));
