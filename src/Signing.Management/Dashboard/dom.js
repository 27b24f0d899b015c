// `h('p.hint', { id }, …)`: a tag with classes, attributes or listeners, and content. What people typed is only ever set as
// text or as a value, so that a name shows as it is.
export function h(tag, ...rest) {
	const [name, ...classes] = tag.split('.');
	const element = document.createElement(name);
	if (classes.length) element.className = classes.join(' ');
	const attributes = Object.getPrototypeOf(rest[0] ?? 0) === Object.prototype ? rest.shift() : {};
	for (const [key, value] of Object.entries(attributes)) {
		if (typeof value === 'function') element.addEventListener(key.slice(2), value);
		else if (isThere(value)) element.setAttribute(key, value === true ? '' : value);
	}
	element.append(...rest.flat(Infinity).filter(isThere));
	return element;
}

const isThere = value => (value ?? false) !== false;

// A name that somebody chose: right-to-left text and its marks must not turn round what stands beside it.
export const named = text => h('bdi', text ?? '');

// t`${row} is deleted.`: a row shows as its name in quotes.
export const t = (parts, ...values) => parts.map((part, index) => [part, values[index]?.version ? ['“', named(values[index].name), '”'] : values[index]]);

export const muted = text => h('span.muted', text);

export const button = (label, onclick, attributes) => h('button', { type: 'button', onclick, ...attributes }, label);

// Rows under each other in one cell, the first one larger.
export const stack = (first, ...rest) => h('div.stack', h('div', first), rest.filter(Boolean).map(row => h('div.sub', row)));

export const facts = pairs => h('dl.facts', pairs.filter(Boolean).map(([term, ...values]) => h('div', h('dt', term), h('dd', values))));

let last = 0;
export const newId = () => `e${++last}`;

// Drawn on a grid of 20 units.
const ring = 'M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14z';
const dot = 'a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z';
const shapes = {
	home: 'M3 9.5 10 4l7 5.5V16a1 1 0 0 1-1 1h-3.5v-5h-5v5H4a1 1 0 0 1-1-1z',
	integrations: 'M3.5 3.5h5v5h-5zM11.5 3.5h5v5h-5zM3.5 11.5h5v5h-5zM14 11.5v5M11.5 14h5',
	key: 'M6.5 14a4 4 0 1 1 0-8 4 4 0 0 1 0 8zM10.5 10h7M15 10v3',
	share: `M7.6 9 12.4 6.2M7.6 11l4.8 2.8M5.5 12.2${dot}M14.5 7.2${dot}M14.5 17.2${dot}`,
	audit: 'M5 3h7l3.5 3.5V17H5zM8 9h5M8 12h5M8 6h2',
	health: 'M2.5 10.5H6l2-5.5 3.5 10 2.2-4.5h3.8',
	workspace: 'M3 17h14M5 17V4h6v13M11 8h4.5v9M7.4 7h1.2M7.4 10h1.2M7.4 13h1.2',
	plus: 'M10 4v12M4 10h12',
	copy: 'M7 7h9v9.5H7zM4 13V3.5h9',
	check: 'm4.5 10.5 3.6 3.7 7.4-8.2',
	dots: 'M4 10h.01M10 10h.01M16 10h.01',
	close: 'm5 5 10 10M15 5 5 15',
	alert: 'M10 3 18 16.5H2zM10 8v4M10 14.4h.01',
	clock: `${ring}M10 6v4.2l2.8 1.6`,
	rotate: 'M16 8A6.3 6.3 0 0 0 4.6 6.7L3.5 8M3.5 4v4h4M4 12a6.3 6.3 0 0 0 11.4 1.3l1.1-1.3M16.5 16v-4h-4',
	pause: `${ring}M8 7.5v5M12 7.5v5`,
	ban: `${ring}M5.2 5.2l9.6 9.6`,
	ok: `${ring}M6.8 10.2l2.3 2.3 4.2-4.6`,
	hourglass: 'M5.5 3h9M5.5 17h9M6.5 3c0 4.5 7 4.8 7 9.3V17M13.5 3c0 4.5-7 4.8-7 9.3V17',
	search: 'M9 15A6 6 0 1 0 9 3a6 6 0 0 0 0 12zM13.4 13.4 17 17',
	eye: `M2.5 10S5 5 10 5s7.5 5 7.5 5-2.5 5-7.5 5-7.5-5-7.5-5zM10 12.2${dot}`,
	menu: 'M3.5 5.5h13M3.5 10h13M3.5 14.5h13',
	next: 'm8 5 5 5-5 5',
	trash: 'M4 6h12M8 6V3.5h4V6M5.5 6l.7 10.5h7.6L14.5 6',
	edit: 'M4 16v-3L13 4l3 3-9 9zM11 6l3 3',
};

export function icon(name) {
	const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
	const path = document.createElementNS(svg.namespaceURI, 'path');
	svg.setAttribute('viewBox', '0 0 20 20');
	svg.setAttribute('class', 'icon');
	svg.setAttribute('aria-hidden', 'true');
	path.setAttribute('d', shapes[name]);
	svg.append(path);
	return svg;
}
