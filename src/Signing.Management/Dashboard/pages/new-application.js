import { area, button, done, expiry, field, follow, form, get, go, h, here, link, nameField, openDialog, post, primary, readExpiry, select, session, submit, t, text, tick } from '../ui.js';
import { environments, usual } from '../keys/new.js';
import { showMade } from '../keys/secret.js';

export const newIntegration = (id = 'new-integration') => primary('New Integration', () => open(), id);

export const newApp = () => button('New App', async () => open((await get('catalogue')).items), { id: 'new-app' });

// New Integration is one form for the application and its first pair; New App is the same in steps, with APIs to choose.
async function open(catalogue) {
	const made = await openDialog(catalogue ? 'New App' : 'New Integration', close => wizard(catalogue, close));
	if (!made) return;
	const { application: app } = made;
	go(link(`applications/${app.id}`));
	done(t`${app} is made.`);
	showMade('Your Key and Secret', made, t`${app} is connected. These are its first keys.`);
}

function wizard(catalogue, close) {
	const workspaces = session.workspaces.filter(row => row.enabled);
	const where = select('workspaceId', workspaces.map(row => [row.id, row.name]), here().query.get('workspace'), { required: true });
	const ends = h('div');
	const bundle = h('div');
	follow(where, () => {
		const { bundleIdRequired: required, defaultLifetimeDays } = workspaces.find(({ id }) => id === where.value) ?? {};
		bundle.replaceChildren(field('Bundle or Package ID', text('bundleId', { required }), `Unique in the workspace, such as com.example.shop${required ? '' : '; may stay empty'}.`));
		ends.replaceChildren(...expiry(defaultLifetimeDays && usual({ workspaceId: where.value })));
	});
	return steps([
		['Details', [field('Workspace', where), nameField(null, null, 'Application Name'), bundle, field('Description', area('description')), !catalogue && environments('Environment of its first keys')]],
		catalogue && ['Connected APIs', [h('p', catalogue.length ? 'Choose the APIs that it may call. The endpoints of all others refuse it.' : 'This server has no connected APIs to choose from: every endpoint is open to every key.'), choices(catalogue, [])]],
		catalogue && ['Keys', [environments('Environment of its first keys'), ends]],
	].filter(Boolean), catalogue ? 'Connect and Generate Keys' : 'Create', async v => close(await post('applications', {
		workspaceId: where.value,
		name: v('name'),
		bundleId: v('bundleId'),
		description: v('description'),
		connectedApis: v.all('api'),
		credential: { name: `${v('name')} key`, environment: v('environment') ?? session.me.environments[0], ...readExpiry(v) },
	})), close);
}

// All steps are one form, so that Back keeps what was entered.
function steps(parts, finish, run, close) {
	let index = 0;
	const bodies = parts.map(([, content], at) => h('div.body', { onwanted: () => show(at) }, content));
	const marks = h('ol.steps', { hidden: parts.length < 2 }, parts.map(([name]) => h('li', name)));
	const back = button('Back', () => show(index - 1));
	const next = submit();
	const show = step => {
		index = step;
		bodies.forEach((body, at) => { body.hidden = at !== step; });
		[...marks.children].forEach((mark, at) => { mark.ariaCurrent = at === step ? 'step' : null; });
		back.hidden = step === 0;
		next.textContent = step === parts.length - 1 ? finish : 'Next';
		bodies[step].querySelector('input, select')?.focus();
	};
	show(0);
	return form(async v => index < parts.length - 1 ? show(index + 1) : run(v), [marks, bodies], alert => [alert, h('footer', back, button('Cancel', () => close(), { class: 'push' }), next)]);
}

// The catalogue, with what is called under each name.
export const choices = (catalogue, chosen) => catalogue.map(({ name, endpoints }) => tick('api', name, chosen.includes(name), endpoints.map(({ methods, pattern }) => h('div', h('code', `${methods.join(' ')} ${pattern}`))), name));
