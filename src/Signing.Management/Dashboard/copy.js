import { button, h, icon } from './dom.js';

// While a dialog is open nothing outside of it is heard or can have the focus.
const room = () => [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body;

// Speaks to screen readers.
export function say(text) {
	let voice = room().querySelector(':scope > [aria-live]');
	if (!voice) room().append(voice = h('div.unseen', { 'aria-live': 'polite' }));
	voice.textContent = '';
	requestAnimationFrame(() => { voice.textContent = text; });
}

export async function copy(text) {
	try {
		await navigator.clipboard.writeText(text);
		return true;
	} catch {
		// Plain http to another machine has no clipboard, and a person may refuse it.
		const focused = document.activeElement;
		const area = h('textarea.unseen', text);
		room().append(area);
		area.select();
		const isDone = document.execCommand('copy');
		area.remove();
		focused.focus();
		return isDone;
	}
}

export function copyButton(text, what, isWide) {
	const label = h(isWide ? 'span' : 'span.unseen', 'Copy');
	const self = button([icon('copy'), label, h('span.unseen', ` ${what}`)], async () => {
		const isDone = await copy(text);
		self.firstChild.replaceWith(icon(isDone ? 'check' : 'alert'));
		label.textContent = self.title = isDone ? 'Copied' : 'Not copied';
		say(isDone ? 'Copied' : 'Not copied. Select it and copy it by hand.');
	}, { class: isWide ? '' : 'quiet small', title: `Copy ${what}` });
	return self;
}

export const code = (text, what) => h('span.code', h('code', { title: text, translate: 'no' }, text), copyButton(text, what));

let refreshers = [];

// What shows rows is told when one has changed; a new page forgets the former one's.
export const watch = refresh => refreshers.push(refresh);
export const forget = () => { refreshers = []; };
export const refreshAll = () => Promise.all(refreshers.map(refresh => refresh()));

// Says what was done, until the next page or thing done.
export const done = (...content) => tell('check', content);

function tell(shape, content) {
	quiet();
	const text = h('span', content);
	document.body.append(h('div.notice', icon(shape), text, button(icon('close'), quiet, { class: 'quiet small', 'aria-label': 'Dismiss' })));
	say(text.textContent);
	return refreshAll();
}

export const quiet = () => document.querySelector('.notice')?.remove();

// Does what needs no dialog, and says how it went.
export async function attempt(doing, said) {
	const result = await doing;
	await done(typeof said === 'function' ? said(result) : said);
}

// Says what was refused outside of a form.
onunhandledrejection = event => {
	const { code, message, remedy } = event.reason ?? {};
	if (!code) return;
	event.preventDefault();
	tell('alert', [message, ' ', remedy, ' ', h('code', code)]);
};
