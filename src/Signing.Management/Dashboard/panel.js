import { action, advice, both, code, exact, facts, get, go, h, icon, isPair, keyState, kind, link, menuButton, muted, named, pathOf, stack, stamp, state, table, time, usualFacts, view, watch, withValues } from './ui.js';
import { columns, keyText, nameLink } from './keys/columns.js';
import { actions, former } from './keys/life.js';
import { sharingKeyFacts, sharingKeyMenu } from './pages/sharing-keys.js';

let open = { id: null };

// The details of a row, beside its list. Its address can be shared; Escape and Back close it.
export function panel(id) {
	if (id === open.id) return;
	const { id: last, element: previous } = open;
	previous?.remove();
	open = { id };
	if (!id) {
		document.getElementById(`row-${last}`)?.focus();
		return;
	}
	const shown = view(() => load(id), build);
	const element = h('aside.panel', { 'aria-label': 'Details', tabindex: '-1', onkeydown: event => { if (event.key === 'Escape') go(withValues({ panel: null })); } },
		h('a.button.quiet.close', { href: withValues({ panel: null }), 'aria-label': 'Close the details' }, icon('close')), shown.element);
	open = { id, element };
	watch(() => open.element === element && shown.refresh());
	document.body.append(element);
	element.focus({ preventScroll: true });
}

async function load(id) {
	const row = await get(pathOf(id));
	const [events, tokens] = await Promise.all([get('audit', { q: id, limit: 5 }), row.tokenCount > 0 ? get('credentials', { parent: id, limit: 50 }) : { items: [] }]);
	return { row, events: events.items, tokens: tokens.items };
}

const build = ({ row, events, tokens }) => [
	h('h2', named(row.name)),
	row.secrets ? key(row, tokens) : [h('div.line', state(row.state), sharingKeyMenu(row, 'Actions')), sharingKeyFacts(row)],
	h('h3', 'Activity'),
	events.length ? h('ul.plain', events.map(event => h('li', stack(action(event), [named(event.actor), ' · ', time(event.at)])))) : muted('Nothing yet.'),
];

const key = (row, tokens) => [
	h('div.line', keyState(row), menuButton(row, () => actions(row), 'Actions')),
	row.state === 'rotating' && former(row),
	advice(row),
	facts([
		['What', kind(row), row.parentName && [' of ', h('a', { href: withValues({ panel: row.parentId }) }, named(row.parentName))]],
		[isPair(row) ? 'Key' : 'Ends with', keyText(row)],
		['Credential ID', code(row.id, 'credential ID')],
		['Integration', h('a', { href: link(`applications/${row.applicationId}`) }, named(row.applicationName)), muted(' in '), named(row.workspaceName)],
		['Environment', row.environment],
		row.notBefore && ['Not before', both(row.notBefore)],
		...usualFacts(row),
		row.revokesAt && row.state !== 'revoked' && ['Will be revoked', both(row.revokesAt)],
		row.revoked && [row.state === 'revoked' ? 'Revoked' : 'Decided', stamp(row.revoked), row.revokedFor && [': ', h('q', named(row.revokedFor))]],
		isPair(row) && ['May log in with its Secret', row.clientSecretAllowed ? 'Yes' : 'No, it can only sign'],
	]),
	isPair(row) && [h('h3', 'Secrets'), h('ul.plain', row.secrets.toReversed().map(secret))],
	tokens.length > 0 && [h('h3', 'Long-lived tokens'), table('Long-lived tokens', [['Name', token => nameLink(token)], columns.state, columns.menu], tokens)],
];

const secret = ({ hint, isCurrent, isDestroyed, retiresAt, version, created, lastUsed, disclosure }) => h('li', stack(
	[h('code', `…${hint} `), muted(isCurrent ? 'current' : isDestroyed ? 'ended' : ['accepted until ', exact(retiresAt)])],
	[`Version ${version}, made `, time(created), ', last used ', time(lastUsed?.at, 'never'), disclosure === 'retrievable' && ', can be revealed']));
