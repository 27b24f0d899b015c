import { ask, choice, count, done, empty, erase, field, go, h, link, list, may, mayAll, menuButton, named, nameField, patch, post, primary, span, stack, start, state, t, text, tick } from '../ui.js';
import { columns } from '../keys/columns.js';

const add = id => mayAll() && primary('New workspace', () => edit(), id);

export const workspaces = () => list({
	title: 'Workspaces',
	path: 'workspaces',
	search: 'Find by name or id',
	columns: [
		['Name', row => stack(h('a.strong', { href: link('', { workspace: row.id }) }, named(row.name)), h('code', row.id))],
		['API access', row => row.enabled ? 'On' : state('suspended')],
		['New Secrets', row => row.disclosure === 'once' ? 'Shown once' : 'Can be revealed'],
		['Keys end', row => row.defaultLifetimeDays ? `After ${count(row.defaultLifetimeDays, 'day')}` : 'Never'],
		['Rotation', row => stack(`Due after ${count(row.rotationAgeDays, 'day')}`, `Overlap of ${span(row.rotationOverlapHours)}`)],
		['Integrations', row => `${row.applicationCount}`, 'end'],
		columns.created,
		['', row => menuButton(row, () => [may('administer') && ['Settings', 'edit', () => edit(row)], mayAll() && ['Delete', 'trash', () => drop(row), true]]), 'menu-cell'],
	],
	none: () => empty('workspace', 'No workspace yet', 'A workspace is a customer, or a department: its people see only their own integrations and keys.', add('first-workspace')),
	actions: add('new-workspace'),
});

const number = (name, value, hint, label, attributes) => field(label, text(name, { type: 'number', min: 1, max: 3650, value, dir: null, ...attributes }), hint);

async function edit(row) {
	const made = await ask(row ? 'Settings of the workspace' : 'New workspace', {
		action: row ? 'Save' : 'Create',
		content: [
			nameField(row?.name),
			row && mayAll() && tick('enabled', 'API access', row.enabled, 'Without, the page is closed to its people, and every request of its keys is refused.'),
			choice('New Secrets', 'disclosure', [['once', 'Shown once', 'Nobody can show them again: the safest.'], ['retrievable', 'Can be revealed', 'By people with that role, and audited. Secrets that exist stay as they are.']], row?.disclosure),
			tick('bundleIdRequired', 'Integrations need a Bundle or Package ID', row?.bundleIdRequired),
			number('defaultLifetimeDays', row ? row.defaultLifetimeDays : 365, 'Days, unless something else is chosen. Empty: never.', 'Keys end after'),
			number('rotationAgeDays', row?.rotationAgeDays ?? 90, 'Days', 'Secrets are due for rotation after', { required: true }),
			number('rotationOverlapHours', row?.rotationOverlapHours ?? 24, 'Hours', 'A former Secret is accepted for', { required: true, min: 0, max: 2160 }),
		],
		run: v => {
			const body = {
				name: v('name'),
				disclosure: v('disclosure'),
				bundleIdRequired: v.has('bundleIdRequired'),
				defaultLifetimeDays: Number(v('defaultLifetimeDays')) || null,
				rotationAgeDays: Number(v('rotationAgeDays')),
				rotationOverlapHours: Number(v('rotationOverlapHours')),
			};
			return row ? patch(row, { ...body, enabled: mayAll() ? v.has('enabled') : undefined }) : post('workspaces', body);
		},
	});
	if (made) await changed(row ? 'Saved.' : t`${made} is made.`);
}

async function drop(row) {
	const isGone = await erase(row, 'Delete the workspace', h('p', t`${row} ${row.applicationCount ? `still has ${count(row.applicationCount, 'integration')}: delete them first.` : 'goes. The audit stays.'}`));
	if (isGone) await changed(t`${row} is deleted.`);
}

// Its name stands in the sidebar too.
async function changed(text) {
	await start();
	go(link('workspaces', { workspace: null }));
	await done(text);
}
