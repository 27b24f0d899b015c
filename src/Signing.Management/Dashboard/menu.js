import { button, h, icon } from './dom.js';

// A button with a menu of [label, icon, action, is it dangerous?], which is built when it is opened; none without an item.
export function menuButton(row, items, wide) {
	if (!items().some(Boolean)) return;
	const label = `Actions for ${row.name}`;
	const opener = button(wide ?? icon('dots'), () => open(opener, label, items().filter(Boolean)),
		{ id: `${wide ? 'panel' : 'menu'}-${row.id}`, class: wide ? 'push' : 'quiet', 'aria-label': label, 'aria-haspopup': 'menu', 'aria-expanded': 'false' });
	return opener;
}

function open(opener, label, items) {
	// A dialog that an action opens gives the focus back to this button.
	const entries = items.map(([text, shape, run, danger]) => button([icon(shape), text], () => { menu.hidePopover(); opener.focus(); run(); },
		{ role: 'menuitem', tabindex: '-1', class: danger ? 'danger-text' : '' }));
	const menu = h('div.menu', {
		role: 'menu', popover: 'auto', 'aria-label': label, onkeydown: event => move(event, entries, menu),
		ontoggle: ({ newState }) => {
			if (newState === 'open') return;
			opener.setAttribute('aria-expanded', 'false');
			menu.remove();
		},
	}, entries);
	document.body.append(menu);
	opener.setAttribute('aria-expanded', 'true');
	menu.showPopover();
	const { top, right, bottom } = opener.getBoundingClientRect();
	menu.style.top = `${bottom + menu.offsetHeight + 4 > innerHeight ? Math.max(4, top - 4 - menu.offsetHeight) : bottom + 4}px`;
	menu.style.left = `${Math.max(4, right - menu.offsetWidth)}px`;
	entries[0].focus({ preventScroll: true });
}

function move(event, entries, menu) {
	const index = entries.indexOf(document.activeElement);
	const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: -1 }[event.key];
	if (event.key === 'Tab') menu.hidePopover();
	if (next === undefined) return;
	event.preventDefault();
	entries.at(next % entries.length).focus();
}
