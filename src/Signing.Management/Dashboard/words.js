import { session } from './api.js';
import { h, icon, muted, named } from './dom.js';

const minute = 60, hour = 3600, day = 86400;
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const exactly = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' });

// By the server's clock: a browser's may be wrong.
export const until = instant => Date.parse(instant) - Date.parse(session.me.now) - performance.now() + session.me.seen;

export const exact = instant => exactly.format(Date.parse(instant));

export function when(instant) {
	const seconds = Math.round(until(instant) / 1000);
	const size = Math.abs(seconds);
	if (size < 45) return seconds > 0 ? 'in a moment' : 'just now';
	const [unit, name] = size < 45 * minute ? [minute, 'minute'] : size < 22 * hour ? [hour, 'hour'] : size < 45 * day ? [day, 'day'] : size < 700 * day ? [30.4 * day, 'month'] : [365 * day, 'year'];
	return relative.format(Math.round(seconds / unit), name);
}

// Relative in the cell, exact in the tooltip; or both.
export const time = (instant, otherwise = 'Never') => instant ? h('time', { datetime: instant, title: exact(instant) }, when(instant)) : muted(otherwise);
export const both = instant => instant ? [exact(instant), muted(` (${when(instant)})`)] : muted('Never');
export const stamp = ({ at, by }) => [exact(at), muted(' by '), named(by)];
export const used = use => [both(use?.at), use?.address && [muted(' from '), h('code', use.address)]];

export const count = (number, what) => `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
export const span = hours => hours && hours % 24 === 0 ? count(hours / 24, 'day') : count(hours, 'hour');

// Each state in icon, colour and word: a colour alone tells nobody anything.
const states = {
	scheduled: ['Scheduled', 'clock', 'blue'],
	active: ['Active', 'ok', 'green'],
	rotating: ['Rotating', 'rotate', 'blue'],
	expiringSoon: ['Expiring soon', 'hourglass', 'amber'],
	expired: ['Expired', 'alert', 'red'],
	suspended: ['Inactive', 'pause', 'gray'],
	revoked: ['Revoked', 'ban', 'red'],
};

export const stateNames = Object.entries(states).map(([state, [word]]) => [state, word]);

export function state(name) {
	const [word, shape, tone] = states[name];
	return h(`span.state.${tone}`, icon(shape), word);
}

// And what refuses a key although it is active.
export const keyState = key => h('div.stack', state(key.state), [
	key.revokesAt && key.state !== 'revoked' && ['Revoked ', time(key.revokesAt)],
	key.applicationSuspended && 'Integration is inactive',
	!key.workspaceEnabled && 'API access is off',
].filter(Boolean).map(text => h('div.sub', text)));

export const isPair = key => key.kind === 'keyPair';
export const kind = key => isPair(key) ? 'Key and Secret' : key.parentId ? 'Long-lived token' : 'API token';
export const lastSecret = key => key.secrets.at(-1) ?? { hint: '' };

export function expiration(row) {
	const tone = { expired: 'red', expiringSoon: 'amber' }[row.state];
	const end = time(row.state !== 'revoked' && row.revokesAt || row.expires);
	return tone ? h(`span.warn.${tone}`, icon(states[row.state][1]), h('span', row.state === 'expired' && 'Expired ', end)) : end;
}

export const healthNames = [
	['neverExpires', 'Never expires', 'Renew it with an end, so that a forgotten key ends by itself.'],
	['idle', 'Idle for 90 days', 'Ask its owner whether it is still needed, or revoke it.'],
	['overdue', 'Due for rotation', 'Rotate it; the former Secret is accepted for a while.'],
	['retiringSecretInUse', 'Former Secret still in use', 'Wait until its users have the new one.'],
];

export const advice = key => healthNames.filter(([name]) => key.health.includes(name)).map(([, word, text]) => h('p', h('span.chip', word), ' ', muted(text)));

export const usualFacts = row => [
	['Scopes', row.scopes.length ? row.scopes.map(scope => h('code.chip', scope)) : muted('None')],
	['Expires', both(row.expires)],
	['Created', stamp(row.created)],
	['Last accessed', used(row.lastUsed)],
];

const nouns = { application: 'integration', credential: 'key', sharing_key: 'sharing key' };

export function action({ action, outcome }) {
	const [noun, verb = ''] = action.split('.');
	return [`${verb[0]?.toUpperCase()}${verb.slice(1)} ${nouns[noun] ?? noun}`, outcome !== 'changed' && muted(` (${outcome})`)];
}
