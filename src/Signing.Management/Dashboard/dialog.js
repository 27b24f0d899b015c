import { act, remove } from './api.js';
import { done, refreshAll } from './copy.js';
import { button, h, icon, newId } from './dom.js';
import { go, here, withValues } from './route.js';

// Leaving asks while an answer is due or a Secret shown.
let sent = 0;
onbeforeunload = () => sent || document.querySelector('[closedby=none]');

// Opens a dialog; its promise ends with what `close` got, or nothing. The focus goes back to what had it, or to
// what stands there now. One that `keeps` is closed by its button alone, and is gone at once: onclose waits a frame.
export function openDialog(title, build, keeps) {
	// A slow button was pressed twice.
	if (!keeps && document.querySelector('dialog[open]')) return;
	const opener = document.activeElement;
	const id = newId();
	return new Promise(resolve => {
		let result;
		let isDone = !keeps;
		const close = value => {
			result = value;
			isDone = true;
			// Left already; the answer may be a Secret.
			if (!dialog.isConnected) resolve(value);
			dialog.close();
			dialog.remove();
		};
		const stay = event => {
			if (!keeps || (event.key ?? 'Escape') !== 'Escape') return;
			event.preventDefault();
			keeps();
		};
		const dialog = h('dialog', {
			'aria-labelledby': id, closedby: keeps ? 'none' : 'closerequest', onkeydown: stay, oncancel: stay,
			onclose: () => {
				if (!isDone) { dialog.showModal(); return; }
				dialog.remove();
				(opener.isConnected ? opener : document.getElementById(opener.id))?.focus();
				if (!dialog.querySelector('[type=submit]:disabled')) resolve(result);
			},
		}, h('header', h('h2', { id }, title), !keeps && button(icon('close'), () => close(), { class: 'quiet', 'aria-label': 'Close' })), build(close));
		document.body.append(dialog);
		dialog.showModal();
	});
}

export const primary = (label, onclick, id, attributes) => button([icon('plus'), label], onclick, { class: 'primary', id, ...attributes });

// A form in a dialog. What is refused is said beside the field it is about, or above the buttons.
export async function ask(title, { content, action, danger, run, said }) {
	const result = await openDialog(title, close => form(async v => close(await run(v) ?? true), h('div.body', content), alert => [alert,
		h('footer', button('Cancel', () => close(), { class: 'push' }), submit(action, danger))]));
	if (result && said) done(said(result));
	return result;
}

export const erase = (row, title, content, said) => ask(title, {
	content, action: 'Delete', danger: true, said,
	run: async () => {
		await remove(row);
		// Its details go with it.
		if (here().query.get('panel') === row.id) go(withValues({ panel: null }));
	},
});

export const confirm = (row, verb, title, content, said) => ask(title, { content, action: title.split(' ')[0], danger: true, run: () => act(row, verb), said });

export const submit = (label, danger) => h('button', { class: danger ? 'danger' : 'primary', type: 'submit' }, label);

export function form(run, content, rest, attributes) {
	const alert = h('div', { role: 'alert' });
	const self = h('form', {
		novalidate: true, ...attributes,
		onsubmit: async event => {
			event.preventDefault();
			const sender = self.querySelector('[type=submit]');
			if (sender.disabled || !check(self)) return;
			alert.replaceChildren();
			sender.disabled = true;
			sent++;
			try {
				await run(reader(new FormData(self)));
			} catch (error) {
				refuse(self, alert, error);
			} finally {
				sent--;
				sender.disabled = false;
			}
			if (!self.contains(document.activeElement)) sender.focus();
		},
	}, content, rest(alert));
	return self;
}

// v('name') is what was entered without the spaces around it, or nothing.
const reader = values => Object.assign(name => values.get(name)?.trim() || undefined, { has: name => values.has(name), all: name => values.getAll(name) });

// The browser's own words are in the browser's language, and vanish by themselves.
function check(form) {
	const wrong = [...form.elements].filter(field => field.offsetParent && !field.validity.valid);
	for (const field of form.elements) mark(field, wrong.includes(field) ? field.validity.valueMissing ? 'This is needed.' : field.validationMessage : '');
	wrong[0]?.focus();
	return !wrong.length;
}

const fields = {
	name_invalid: 'name', name_taken: 'name', bundle_id_missing: 'bundleId', bundle_id_invalid: 'bundleId', bundle_id_taken: 'bundleId',
	end_invalid: 'expires', environment_invalid: 'environment', list_invalid: 'scopes', text_too_long: 'description', duration_invalid: 'duration',
};

function refuse(form, alert, error) {
	if (!error.code || !form.isConnected) throw error;
	const field = form.elements.namedItem(fields[error.code]);
	const text = `${error.message} ${error.remedy ?? ''}`;
	// What somebody else has changed, or was done all the same, is shown behind the dialog.
	if ([0, 412].includes(error.status) && form.closest('dialog')) refreshAll();
	if (!field?.labels?.length) {
		alert.append(h('p.refusal', icon('alert'), h('span', text, ' ', h('code', error.code))));
		return;
	}
	// It may stand in an earlier step, or be folded away.
	field.closest('.body')?.dispatchEvent(new Event('wanted'));
	field.closest('details')?.setAttribute('open', '');
	mark(field, text);
	field.focus();
}

function mark(field, text) {
	const slot = document.getElementById(`${field.id}-wrong`);
	if (!slot) return;
	slot.textContent = text;
	field.setAttribute('aria-invalid', Boolean(text));
}

// A field with its label, a hint, and a place for what is wrong with it.
export function field(label, input, hint) {
	const id = input.id = newId();
	input.setAttribute('aria-describedby', `${hint ? `${id}-hint ` : ''}${id}-wrong`);
	return h('div.field', h('label', { for: id }, label, input.required && h('span.star', { 'aria-hidden': 'true' }, ' *')), input,
		hint && h('p.hint', { id: `${id}-hint` }, hint), h('p.wrong', { id: `${id}-wrong`, role: 'alert' }));
}

export const text = (name, attributes) => h('input', { name, autocomplete: 'off', spellcheck: 'false', dir: 'auto', ...attributes });

export const nameField = (value, hint, label = 'Name') => field(label, text('name', { required: true, autofocus: true, value }), hint);

export const area = (name, value) => h('textarea', { name, rows: 3, dir: 'auto' }, value);

export const select = (name, options, chosen, attributes) => h('select', { name, ...attributes }, options.map(([value, label]) => h('option', { value, selected: value === chosen }, label)));

const option = (type, name, value, checked, label, hint) => {
	const id = newId();
	return h('div.option', h('input', { type, id, name, value, checked, 'aria-describedby': hint && `${id}-hint` }), h('div', h('label', { for: id }, label), hint && h('div.hint', { id: `${id}-hint` }, hint)));
};

// One of a few; each may have a line on what it means.
export const choice = (legend, name, options, chosen = options[0]?.[0]) => h('fieldset', h('legend', legend), options.filter(Boolean).map(([value, label, hint]) => option('radio', name, value, value === chosen, label, hint)));

export const tick = (name, label, checked, hint, value) => option('checkbox', name, value, checked, label, hint);

// "orders.read, orders.write" or with spaces.
export const listOf = value => (value ?? '').split(/[\s,]+/).filter(Boolean);

// Now, and when the field changes.
export function follow(field, show) {
	field.addEventListener('change', show);
	show();
}

// As the workspace has it, on a day, or never.
export function expiry(usual) {
	const row = field('Last day', text('expires', { type: 'date', required: true, dir: null }), 'It ends when this day ends, where you are.');
	const mode = select('expiry', [usual && ['usual', usual], ['day', 'On a date'], ['never', 'Never']].filter(Boolean));
	follow(mode, () => { row.hidden = mode.value !== 'day'; });
	return [field('Expiration', mode), row];
}

export function readExpiry(v) {
	const mode = v('expiry');
	if (mode === 'never') return { neverExpires: true };
	if (mode !== 'day') return {};
	const [year, month, day] = v('expires').split('-');
	return { expires: new Date(year, month - 1, Number(day) + 1).toISOString() };
}
