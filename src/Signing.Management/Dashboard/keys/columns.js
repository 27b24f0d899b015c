import { code, expiration, go, h, isPair, keyState, kind, lastSecret, menuButton, named, stack, time, withValues } from '../ui.js';
import { actions } from './life.js';

export const keyText = key => isPair(key) ? code(key.key, 'Key') : h('code.muted', `…${lastSecret(key).hint}`);

const keyMenu = key => menuButton(key, () => [['Details', 'eye', () => go(withValues({ panel: key.id }))], ...actions(key)]);

export const nameLink = (row, below) => stack(h('a.strong', { href: withValues({ panel: row.id }), id: `row-${row.id}` }, named(row.name)), below);

// The flat list of API keys; other pages leave some of it out.
export const columns = {
	name: ['Name', key => nameLink(key, [named(key.applicationName), ` · ${key.environment}`])],
	key: ['Key', key => stack(kind(key), keyText(key))],
	state: ['State', keyState],
	expires: ['Expiration', expiration, 'end'],
	created: ['Created', key => time(key.created.at), 'end spare'],
	used: ['Last accessed', key => time(key.lastUsed?.at), 'end'],
	menu: ['', keyMenu, 'menu-cell'],
};
