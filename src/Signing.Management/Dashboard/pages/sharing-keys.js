import { ask, choice, code, confirm, empty, erase, expiry, facts, field, follow, go, h, here, list, listOf, may, mayGive, menuButton, named, nameField, post, primary, readExpiry, select, session, stamp, state, stateNames, t, text, usualFacts, withValues } from '../ui.js';
import { columns, nameLink } from '../keys/columns.js';
import { edit, renew } from '../keys/life.js';
import { showSecret } from '../keys/secret.js';

const add = id => may('manage') && primary('Sharing Key', create, id, { 'aria-label': '+ Sharing Key' });

export const sharingKeys = () => list({
	title: 'Sharing Keys',
	path: 'sharing-keys',
	search: 'Find by name or id',
	filters: [['state', 'Any state', stateNames.filter(([name]) => !/scheduled|rotating|Soon/.test(name))]],
	columns: [
		['Name', row => nameLink(row, h('code', `…${row.hint}`))],
		['Shared by', row => named(row.grantorWorkspaceName)],
		['Shared with', grantee],
		['State', row => state(row.state)],
		columns.expires,
		columns.created,
		columns.used,
		['', row => sharingKeyMenu(row), 'menu-cell'],
	],
	none: () => empty('share', 'Nothing is shared', 'A sharing key lets a client of another workspace log in to this one. Both sides see it in their audit.', add('first-sharing-key')),
	actions: add('new-sharing-key'),
});

const grantee = row => row.granteeName ? named(row.granteeName) : row.granteeApplicationId ?? row.granteeWorkspaceId ?? 'Whoever uses it first';

export const sharingKeyMenu = (row, wide) => menuButton(row, () => [
	!wide && ['Details', 'eye', () => go(withValues({ panel: row.id }))],
	...mayChange(row) ? [
		...row.state === 'revoked' ? [] : changes(row),
		['Delete', 'trash', () => erase(row, 'Delete the sharing key', [row.state !== 'revoked' && who(row), h('p.usage', 'Its row goes; the audit stays.')], () => t`${row} is deleted.`), true],
	] : [],
], wide);

const mayChange = row => may('manage') && session.me.workspaces?.includes(row.grantorWorkspaceId) !== false;

const changes = row => [
	mayGive(row) && ['Renew', 'clock', () => renew(row)],
	['Edit', 'edit', () => edit(row)],
	['Revoke', 'ban', () => confirm(row, 'revoke', 'Revoke', [who(row), h('p.usage', 'That is for good; the row stays.')], () => t`${row} is revoked.`), true],
];

const who = row => h('p', 'Clients of ', grantee(row), ' no longer get tokens for ', named(row.grantorWorkspaceName), t` with ${row}.`);

export const sharingKeyFacts = row => facts([
	['Shared by', named(row.grantorWorkspaceName)],
	['Shared with', grantee(row)],
	['Sharing key ID', code(row.id, 'sharing key ID')],
	['Ends with', h('code', `…${row.hint}`)],
	...usualFacts(row),
	row.revoked && ['Revoked', stamp(row.revoked)],
]);

async function create() {
	const id = field('Its id', text('grantee', { required: true, placeholder: 'ws_… or app_…', dir: null }));
	const whom = choice('Shared with', 'whom', [['', 'Whoever uses it first', 'It is bound to that client’s application.'], ['Workspace', 'A workspace', 'Any of its clients.'], ['Application', 'An application', 'Only its own keys.']]);
	follow(whom, () => { id.hidden = !whom.querySelector(':checked').value; });
	const made = await ask('New sharing key', {
		action: 'Create',
		content: [
			nameField(null, 'Who it is for.'),
			field('Shared by', select('grantorWorkspaceId', session.workspaces.map(row => [row.id, row.name]), here().query.get('workspace'), { required: true }), 'The workspace that its holder gets tokens for.'),
			whom, id,
			field('Scopes', text('scopes'), 'What its holder may do there at most; several with spaces between.'),
			expiry(),
		],
		run: v => post('sharing-keys', {
			grantorWorkspaceId: v('grantorWorkspaceId'),
			...v('whom') && { [`grantee${v('whom')}Id`]: v('grantee') },
			name: v('name'),
			scopes: listOf(v('scopes')),
			expires: readExpiry(v).expires,
		}),
		said: ({ sharingKey }) => t`${sharingKey} is made.`,
	});
	if (made) showSecret('Your new sharing key', { what: 'Sharing key', ...made });
}
