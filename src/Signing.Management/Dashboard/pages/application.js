import { act, area, attempt, button, code, confirm, count, done, empty, erase as remove, facts, field, form, get, go, h, here, icon, kind, lastSecret, link, list, may, mayGive, menuButton, named, patch, primary, stack, stamp, state, submit, t, text, time, used, view } from '../ui.js';
import { columns, keyText, nameLink } from '../keys/columns.js';
import { resume, reveal, revoke } from '../keys/life.js';
import { newKey } from '../keys/new.js';
import { eventColumns } from './audit.js';
import { choices } from './new-application.js';

export function application(id) {
	const title = h('h1', { tabindex: '-1' }, 'Integration');
	const actions = h('div.actions');
	const tab = here().query.get('tab') ?? '';
	let part;
	const { element, refresh } = view(() => get(`applications/${encodeURIComponent(id)}`), app => {
		title.replaceChildren(named(app.name));
		document.title = `${app.name} · API credentials`;
		actions.replaceChildren(...may('manage') ? buttons(app) : []);
		// A list stays, with its rows and what has the focus.
		if (part?.refresh) part.refresh();
		else part = (tabs.find(([name]) => name === tab) ?? tabs[0])[2](app);
		return [about(app), h('nav.tabs', { 'aria-label': 'Parts of the integration' }, tabs.map(([name, label]) => h('a', { href: link(`applications/${id}`, { tab: name }), 'aria-current': name === tab && 'page' }, label))),
			part.content ?? part];
	});
	return { title: 'Integration', heading: h('div', h('a', { href: link('applications') }, 'Integrations'), title), actions, content: element, refresh };
}

const about = app => h('div.about', h('div.line', state(app.status), app.bundleId && h('code.muted', named(app.bundleId))), app.description && h('p', named(app.description)), facts([
	['App ID', code(app.id, 'App ID')],
	['Workspace', named(app.workspaceName)],
	['Created', stamp(app.created)],
	['Last accessed', used(app.lastUsed)],
]));

const buttons = app => [
	menuButton(app, () => [
		may('apiTokens') && ['Generate API token', 'plus', () => newKey({ app, isToken: true })],
		app.status === 'active' ? ['Suspend', 'pause', () => suspend(app)] : ['Resume', 'ok', () => attempt(act(app, 'resume'), t`${app} is active again.`)],
		['Delete', 'trash', () => erase(app), true],
	]),
	primary('Generate Key', () => newKey({ app }), 'generate-key'),
];

const accessKeys = app => list({
	path: 'credentials',
	fixed: { application: app.id, workspace: null },
	title: 'Access Keys',
	columns: [
		['Name', key => nameLink(key, h('code', key.id))],
		['Key', key => stack(`${kind(key)} · ${key.environment}`, keyText(key))],
		['Secret', secret],
		columns.state,
		columns.expires,
		columns.created,
		columns.used,
		['On', toggle, 'toggle-cell'],
		columns.menu,
	],
	none: () => empty('key', 'No key yet', 'Generate a Key, and give it with its Secret to whoever runs this program.'),
});

const secret = key => h('span.code', h('code', `••••${lastSecret(key).hint}`), key.canReveal && button(icon('eye'), () => reveal(key), { class: 'quiet small', 'aria-label': `Reveal ${key.name}`, title: 'Reveal', id: `reveal-${key.id}` }));

// Off asks what is meant; on brings a suspended key back.
function toggle(key) {
	const isOn = key.status === 'active' && key.state !== 'revoked';
	return button(h('span'), () => isOn ? revoke(key, 'suspend') : resume(key), {
		role: 'switch', 'aria-checked': `${isOn}`, 'aria-label': `${key.name} is on`, id: `toggle-${key.id}`, disabled: key.state === 'revoked' || !may('manage') || (!isOn && !mayGive(key)),
	});
}

const connectedApis = app => view(() => get('catalogue'), ({ items }) => {
	const gone = app.connectedApis.filter(name => !items.some(item => item.name === name)).map(name => ({ name, endpoints: [] }));
	if (items.length + gone.length === 0) return empty('integrations', 'No connected APIs', 'Every endpoint of this server is open to every key. RequireConnectedApi("orders") on an endpoint puts it here.');
	return editor(app, [h('p', 'It may call the APIs that are ticked. The endpoints of all others answer 403 ', h('code', 'api_not_connected'), '.'), choices([...items, ...gone], app.connectedApis)],
		v => ({ connectedApis: v.all('api') }));
}).element;

const activity = app => list({
	path: 'audit',
	fixed: { application: app.id, workspace: app.workspaceId },
	title: 'Activity',
	search: 'Find by person, action or id',
	columns: eventColumns,
	none: () => empty('audit', 'Nothing yet', 'What is done to this integration and its keys shows here.'),
});

const settings = app => editor(app, [
	field('Application Name', text('name', { required: true, value: app.name })),
	field('Bundle or Package ID', text('bundleId', { value: app.bundleId })),
	field('Description', area('description', app.description)),
], v => ({ name: v('name'), bundleId: v('bundleId') ?? null, description: v('description') ?? null }));

const editor = (app, content, read) => form(async v => {
	await patch(app, read(v));
	await done('Saved.');
}, h('fieldset', { disabled: !may('manage') }, content), alert => [alert, may('manage') && submit('Save')], { class: 'card' });

const affected = app => h('p.usage', `${count(app.credentialCount, 'key')}, `, app.lastUsed ? ['last used ', time(app.lastUsed.at), '.'] : 'never used.');

const suspend = app => confirm(app, 'suspend', 'Suspend the integration', [h('p', t`All keys of ${app} are refused from the next request on, until somebody resumes it.`), affected(app)], () => t`${app} is inactive.`);

async function erase(app) {
	const isGone = await remove(app, 'Delete the integration', [h('p', t`${app} goes with all its keys, which are refused from the next request on. The audit stays.`), affected(app)]);
	if (!isGone) return;
	go(link('applications'));
	await done(t`${app} is deleted.`);
}

const tabs = [['', 'Access Keys', accessKeys], ['apis', 'Connected APIs', connectedApis], ['activity', 'Activity', activity], ['settings', 'Settings', settings]];
