import { action, empty, h, link, list, muted, named, stack, time } from '../ui.js';

export const audit = () => list({
	title: 'Audit',
	path: 'audit',
	search: 'Find by person, action or id',
	columns: eventColumns,
	none: () => empty('audit', 'Nothing was done yet', 'Whatever anybody does here, by this page or the admin API, is written down and stays.'),
});

export const eventColumns = [
	['What', event => h('span.strong', action(event))],
	['On', target],
	['Who', event => named(event.actor)],
	['From', event => event.address ? h('code', event.address) : muted('Unknown')],
	['When', event => time(event.at), 'end'],
];

const places = { app: id => link(`applications/${id}`), crd: id => link('keys', { panel: id }), shk: id => link('sharing-keys', { panel: id }) };

function target({ target, targetName }) {
	const place = places[target.split('_')[0]];
	// A row that was deleted has neither name nor page any more.
	if (!targetName) return h('code', target);
	return stack(place ? h('a', { href: place(target) }, named(targetName)) : named(targetName), h('code', target));
}
