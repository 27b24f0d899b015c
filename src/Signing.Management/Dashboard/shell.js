import { button, go, h, here, icon, link, may, named, select, session, withValues } from './ui.js';

const entries = [
	['', 'Home', 'home'],
	['applications', 'Integrations', 'integrations', 'integrations'],
	['keys', 'API Keys', 'key'],
	['sharing-keys', 'Sharing Keys', 'share'],
	['audit', 'Audit', 'audit'],
	['health', 'Key health', 'health'],
	['workspaces', 'Workspaces', 'workspace', 'administer'],
];

// One sidebar, or below 720 px a bar with the same things behind a button.
export function shell() {
	const main = h('main', { tabindex: '-1' });
	const nav = h('nav', { 'aria-label': 'Pages', id: 'nav' });
	const toggle = isOpen => {
		opener.setAttribute('aria-expanded', isOpen);
		side.classList.toggle('open', isOpen);
	};
	const opener = button([icon('menu'), h('span.unseen', 'Menu')], () => toggle(opener.getAttribute('aria-expanded') !== 'true'), { class: 'quiet opener', 'aria-expanded': 'false', 'aria-controls': 'nav' });
	const side = h('header.side', h('div.brand', h('a', { href: './' }, h('span.mark', icon('key')), 'API credentials'), opener), nav);
	document.body.replaceChildren(h('a.skip', { href: '#', onclick: event => { event.preventDefault(); main.focus(); } }, 'Skip to the content'), side, main);
	return {
		main,
		draw: () => {
			const { page } = here();
			toggle(false);
			nav.replaceChildren(workspaces(), h('ul', entries.filter(([, , , role]) => !role || may(role)).map(([path, label, shape]) =>
				h('li', h('a', { href: link(path), 'aria-current': path === page && 'page' }, icon(shape), label)))),
			h('p.who', h('span.muted', 'Signed in as '), named(session.me.name), session.me.development && h('span.chip', 'Development')));
		},
	};
}

function workspaces() {
	const { query, id } = here();
	const rows = session.workspaces;
	if (rows.length < 2) return h('p.where', icon('workspace'), rows.length ? named(rows[0].name) : 'No workspace yet');
	return select('workspace', [['', 'All workspaces'], ...rows.map(row => [row.id, row.enabled ? row.name : `${row.name} (off)`])], query.get('workspace'), {
		'aria-label': 'Workspace',
		onchange: ({ target: { value: workspace } }) => go(id ? link('applications', { workspace }) : withValues({ workspace, panel: null })),
	});
}
