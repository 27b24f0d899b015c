import { empty, failure, forget, h, here, may, quiet, start, startRouting, watch } from './ui.js';
import { panel } from './panel.js';
import { shell } from './shell.js';
import { application } from './pages/application.js';
import { applications } from './pages/applications.js';
import { audit } from './pages/audit.js';
import { health } from './pages/health.js';
import { home } from './pages/home.js';
import { keys } from './pages/keys.js';
import { sharingKeys } from './pages/sharing-keys.js';
import { workspaces } from './pages/workspaces.js';

const pages = { '': home, applications, keys, 'sharing-keys': sharingKeys, audit, health, workspaces };

// A page is { title, content, refresh, actions?, lead? }. A panel opens beside it without drawing it anew.
function run() {
	const { main, draw } = shell();
	let shown;
	startRouting((isNew, isDrawn) => {
		const { page, id, query } = here();
		const panelId = query.get('panel');
		query.delete('panel');
		const address = `${page}/${id}?${query}`;
		if (address !== shown && !isDrawn) {
			quiet();
			forget();
			watch(draw);
			draw();
			const { title, heading = h('h1', { tabindex: '-1' }, title), actions, lead, content, refresh } = open(page, id);
			document.title = `${title} · API credentials`;
			main.replaceChildren(h('div.head', heading, h('div.actions', actions)), lead ?? '', content);
			if (refresh) watch(refresh);
			if (isNew) {
				scrollTo(0, 0);
				main.querySelector('h1').focus({ preventScroll: true });
			}
		}
		shown = address;
		panel(panelId);
	});
}

function open(page, id) {
	if (page === 'applications' && !may('integrations')) return missing('You may not see integrations', 'Ask an administrator.');
	return page === 'applications' && id ? application(id) : pages[page]?.() ?? missing('There is no such page', 'Choose another one.');
}

const missing = (title, text) => ({ title, content: empty('alert', title, text) });

start().then(run).catch(error => document.body.replaceChildren(h('main', failure(error, () => location.reload()))));
