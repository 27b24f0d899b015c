import { action, count, expiration, get, h, here, icon, keyState, link, may, named, stack, state, stateNames, time, view } from '../ui.js';
import { newIntegration } from './new-application.js';

export function home() {
	const { element, refresh } = view(() => get('summary', { workspace: here().query.get('workspace') }), build);
	return { title: 'Home', content: element, refresh, actions: may('manage') && may('integrations') && newIntegration() };
}

const build = ({ counts, applications, expiring, overdue, audit }) => [
	h('div.tiles',
		tile('keys', 'key', 'Manage API credentials', count(Object.values(counts).reduce((sum, number) => sum + number, 0), 'key')),
		may('integrations') && tile('applications', 'integrations', 'Integrations', applications ? count(applications, 'integration') : 'Make the first one'),
		tile('health', 'health', 'Key health', overdue.length ? 'Keys are due for rotation' : 'Nothing is due for rotation')),
	h('ul.counts', { 'aria-label': 'Keys by state' }, stateNames.map(([name]) => h('li', h('a', { href: link('keys', { state: name }) }, h('strong', `${counts[name] ?? 0}`), state(name))))),
	h('div.columns',
		section('Ending soon', 'hourglass', expiring, key => line(key, expiration(key)), 'No key ends within 14 days.', link('keys', { state: 'expiringSoon' })),
		section('Due for rotation', 'rotate', overdue, key => line(key, keyState(key)), 'Every Secret is young enough.', link('health', { health: 'overdue' }))),
	section('Latest activity', 'audit', audit, event => h('li.line', stack(action(event), event.targetName ? named(event.targetName) : h('code', event.target)),
		h('div.push.end', stack(named(event.actor), time(event.at)))), 'Nothing was done yet.', link('audit')),
];

const tile = (page, shape, title, text) => h('a.tile', { href: link(page) }, h('span.mark', icon(shape)), stack(h('strong', title), text), icon('next'));

const line = (key, right) => h('li.line', stack(h('a.strong', { href: link('keys', { panel: key.id }) }, named(key.name)), named(key.applicationName)), h('div.push', right));

const section = (title, shape, rows, draw, none, all) => h('section.card', h('h2', title, rows.length > 0 && h('a', { href: all }, 'All', h('span.unseen', ` of ${title}`))),
	rows.length ? h('ul.plain', rows.map(draw)) : h('p.none', icon(shape), none));
