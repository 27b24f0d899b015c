import { get } from './api.js';
import { select, text } from './dialog.js';
import { button, h, icon } from './dom.js';
import { go, here, withValues } from './route.js';

// A part that is fetched: what was there stays until the new is, so that nothing jumps.
export function view(fetch, build) {
	const element = h('div.view');
	let turn = 0;
	async function refresh() {
		const mine = ++turn;
		element.setAttribute('aria-busy', 'true');
		if (!element.firstChild) element.append(h('div.waiting'));
		const content = await fetch().then(build).catch(error => failure(error, refresh));
		if (mine !== turn) return;
		const { id } = element.contains(document.activeElement) ? document.activeElement : {};
		element.replaceChildren(...[content].flat(Infinity).filter(Boolean));
		element.removeAttribute('aria-busy');
		if (id) document.getElementById(id)?.focus();
	}
	refresh();
	return { element, refresh };
}

export function failure(error, again) {
	if (!error.code) throw error;
	return h('div.empty', { role: 'alert' }, icon('alert'), h('h2', error.message), h('p', error.remedy), h('code', error.code),
		error.code === 'signed_out' ? button('Reload', () => location.reload()) : button('Try again', again, { class: 'primary' }));
}

export const empty = (shape, title, text, next) => h('div.empty', icon(shape), h('h2', title), h('p', text), next);

// A page, or a part of one, with a list of the admin API and its filters: a table, or whatever `draw(rows)` makes.
export function list({ title, path, fixed, search = 'Find by name, Key or id', filters = [], columns, none, prepare, draw = rows => table(title, columns, rows), ...rest }) {
	const names = ['q', ...filters.map(([name]) => name)];
	let size = 50;
	const fetch = async (wanted, after) => {
		const { query } = here();
		const page = await get(path, { workspace: query.get('workspace'), ...Object.fromEntries(names.map(name => [name, query.get(name)])), ...fixed, limit: Math.min(wanted, 200), after });
		await prepare?.(page.items);
		if (!page.next || page.items.length >= wanted) return page;
		const { items, next } = await fetch(wanted - page.items.length, page.next);
		return { items: [...page.items, ...items], next };
	};
	// As many rows as there were, so that one far down stays.
	const shown = view(() => fetch(size), ({ items, next }) => {
		if (items.length) return [draw(items), next && more(items.length)];
		if (!names.some(name => here().query.get(name))) return none();
		return empty('search', 'Nothing matches', 'Nothing here fits this filter.', button('Clear the filter', () => go(withValues(Object.fromEntries(names.map(name => [name, null]))))));
	});
	const more = count => button('Show more', async () => {
		size = count + 50;
		await shown.refresh();
		const first = shown.element.querySelectorAll('tbody tr, .cards > li')[count];
		if (!first) return;
		first.tabIndex = -1;
		(first.querySelector('a') ?? first).focus();
	}, { class: 'more' });
	return { title, content: h('div', bar(search, filters, shown.refresh), shown.element), refresh: shown.refresh, ...rest };
}

function bar(search, filters, refresh) {
	const { query } = here();
	let timer;
	const narrow = ({ name, value }, replace) => { go(withValues({ [name]: value, panel: null }), { replace, quiet: true }); refresh(); };
	const find = ({ target }) => {
		clearTimeout(timer);
		timer = setTimeout(() => target.isConnected && narrow(target, true), 200);
	};
	return h('form.bar', { role: 'search', onsubmit: event => event.preventDefault() },
		h('div.search', icon('search'), text('q', { type: 'search', 'aria-label': search, placeholder: search, value: query.get('q'), oninput: find })),
		filters.map(([name, label, options]) => select(name, [['', label], ...options], query.get(name), { 'aria-label': label, onchange: event => narrow(event.target) })));
}

// Roles are written out because the rows become cards where there is no room, which is no table to some readers. A column is
// [heading, cell(row), class?]; the first one names the row.
export const table = (label, columns, rows) => h('table', { role: 'table', 'aria-label': label },
	h('thead', { role: 'rowgroup' }, h('tr', { role: 'row' }, columns.map(([heading, , kind]) => h('th', { role: 'columnheader', scope: 'col', class: kind }, heading || h('span.unseen', 'Actions'))))),
	h('tbody', { role: 'rowgroup' }, rows.map(row => h('tr', { role: 'row', onclick: follow }, columns.map(([heading, cell, kind], index) => index
		? h('td', { role: 'cell', class: kind, 'data-label': heading }, h('div', cell(row)))
		: h('th', { role: 'rowheader', scope: 'row' }, cell(row)))))));

// A click anywhere in a row follows the link that names it.
function follow(event) {
	if (!event.target.closest('a, button') && !String(getSelection())) event.currentTarget.querySelector('th a')?.click();
}
