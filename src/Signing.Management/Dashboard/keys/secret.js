import { button, copyButton, h, icon, isPair, lastSecret, openDialog } from '../ui.js';

// The one time a Secret is on the page: only the button closes it.
export function showSecret(title, { what, key, text, isRepeatable, lead }) {
	const alert = h('p.refusal', { role: 'alert' });
	const settings = key ? { Key: key, Secret: text } : { [what === 'Sharing key' ? 'SharingKey' : 'Token']: text };
	let saved;
	return openDialog(title, close => h('div.form', h('div.body',
		lead && h('p.good', icon('ok'), h('span', lead)),
		h('p', isRepeatable ? 'Copy it to where it is needed. It can be revealed again; each time is audited.' : `Save the ${what} now: it is shown this once, and nobody can show it again.`),
		key && shown('Key', key),
		shown(what, text, what === 'API token'),
		h('details', h('summary', 'Ready to paste: appsettings and .env'),
			snippet('appsettings.json', JSON.stringify({ Api: settings }, null, 2)),
			snippet('.env', Object.entries(settings).map(([name, value]) => `Api__${name}=${value}`).join('\n')),
			h('p.hint', 'Keep it out of the repository: user secrets, the environment and vaults are read the same way.'))),
	alert, h('footer', saved = button('OK, I saved it', () => close(), { class: 'primary push' }))), () => {
		alert.replaceChildren(icon('alert'), h('span', `Save the ${what} first, then press “OK, I saved it”.`));
		saved.focus();
	});
}

export const showMade = (title, { credential: key, text }, lead) => showSecret(title, { what: isPair(key) ? 'Secret' : 'API token', key: key.key, text, isRepeatable: lastSecret(key).disclosure === 'retrievable', lead });

// A token is copied more often than it is read, so it is hidden until somebody wants to see it.
function shown(label, value, isHidden) {
	const text = h('output.secret', { 'aria-label': label, translate: 'no' }, isHidden ? '•'.repeat(32) : value);
	const show = isHidden && button([icon('eye'), 'Show'], () => { text.textContent = value; show.remove(); });
	return h('div.field', h('span.label', label), h('div.line', text, show, copyButton(value, label, true)));
}

const snippet = (name, text) => h('div.snippet', h('div', h('code', name), copyButton(text, name, true)), h('pre', { tabindex: '0', role: 'group', 'aria-label': name, translate: 'no' }, text));
