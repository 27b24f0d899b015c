import { act, ask, attempt, both, choice, confirm, copy, erase, expiry, field, follow, h, isPair, lastSecret, listOf, may, mayGive, nameField, patch, readExpiry, refreshAll, select, span, t, text, tick, until, when, workspaceOf, done } from '../ui.js';
import { newKey } from './new.js';
import { showMade } from './secret.js';

// Somebody decides by it, so it is as exact as what is known.
const usage = key => h('p.usage', key.lastUsed ? ['It was last used ', when(key.lastUsed.at), key.lastUsed.address && [' from ', h('code', key.lastUsed.address)], '.'] : 'It has never been used.',
	key.tokenCount > 0 && ` ${key.tokenCount === 1 ? 'Its long-lived token is' : `Its ${key.tokenCount} long-lived tokens are`} refused with it.`);

function overlap(label, key, zero, hint) {
	const usual = workspaceOf(key)?.rotationOverlapHours ?? 24;
	const hours = [...new Set([0, 1, usual, 168, 720])].sort((a, b) => a - b).filter(value => value || zero);
	return field(label, select('duration', hours.map(value => [`${value}`, value ? span(value) : zero]), `${usual}`), hint);
}

const seconds = v => v('duration') * 3600;

async function rotate(key) {
	const made = await ask('Rotate the Secret', {
		action: 'Rotate',
		content: [
			h('p', t`${key} gets a new Secret under the same Key. You see it once, in the next step.`), usage(key),
			overlap('The former Secret is accepted for', key, 'No longer: refuse it at once', 'Time for its users to take the new one.'),
		],
		run: v => act(key, 'rotate', { overlapSeconds: seconds(v) }),
		said: () => t`${key} has a new Secret.`,
	});
	if (made) showMade('Your new Secret', made);
}

export function former(key) {
	const secret = key.secrets.find(({ isCurrent, isDestroyed }) => !isCurrent && !isDestroyed);
	const isUsed = key.health.includes('retiringSecretInUse');
	// What uses it now is written behind, and once a minute.
	const isEarly = !isUsed && until(lastSecret(key).created) > -65e3;
	return secret && h(isUsed ? 'p.refusal' : 'p.usage', `The former Secret (…${secret.hint}) `, secret.lastUsed ? `was last used ${when(secret.lastUsed.at)}${isUsed ? ': not safe yet.' : ', before it was replaced.'}` : isEarly ? 'was not used yet.' : 'was never used: safe to end.', isEarly && ' A use shows after a minute: look again.');
}

const retire = key => confirm(key, 'retire', 'End the former Secret now', [former(key), h('p', 'Requests signed with it are refused from then on. The current Secret stays.')], () => t`The former Secret of ${key} is ended.`);

const end = v => ({ expires: readExpiry(v).expires ?? null });

// Of a sharing key, too.
export const renew = key => ask('Renew', {
	action: 'Renew',
	content: [h('p', t`${key} keeps its ${isPair(key) ? 'Key and Secret' : 'text'}. ${key.state === 'expired' ? 'It ended' : 'Its end'}: `, both(key.expires), '.'), expiry()],
	run: v => key.secrets ? act(key, 'renew', end(v)) : patch(key, end(v)),
	said: () => t`${key} is renewed.`,
});

export const resume = key => attempt(act(key, 'resume'), t`${key} is active again.`);

export function revoke(key, chosen = 'now') {
	const labels = { suspend: 'Suspend', now: 'Revoke now', later: 'Revoke later' };
	const wait = overlap('Revoke after', key, null, 'Until then it is accepted, and you can take it back.');
	const reason = field('Reason', text('reason'), 'For the audit, and for who asks later.');
	const how = choice('What shall happen?', 'how', [
		key.status !== 'suspended' && ['suspend', 'Suspend it', 'Refused from the next request on; Resume brings it back.'],
		['now', 'Revoke it now', 'Refused for good from the next request on; its Secret is destroyed.'],
		['later', 'Revoke it after an overlap', 'Time for its users to change to another key.'],
	], chosen);
	follow(how, () => {
		const { value } = how.querySelector(':checked');
		wait.hidden = value !== 'later';
		reason.hidden = value === 'suspend';
		how.closest('form')?.querySelector('[type=submit]').replaceChildren(labels[value]);
	});
	return ask('Revoking the Key', {
		action: labels[chosen],
		danger: true,
		content: [h('p', t`${key} of ${{ name: key.applicationName, version: 1 }}.`), usage(key), how, wait, reason],
		run: v => v('how') === 'suspend'
			? act(key, 'suspend')
			: act(key, 'revoke', { reason: v('reason'), afterSeconds: v('how') === 'later' ? seconds(v) : 0 }),
		said: ({ state }) => t`${key} ${{ suspended: 'is inactive.', revoked: 'is revoked.' }[state] ?? 'will be revoked.'}`,
	});
}

export async function reveal(key) {
	const seen = await ask('Reveal', {
		action: 'Reveal',
		content: h('p', t`The audit will say that you saw the ${isPair(key) ? 'Secret' : 'text'} of ${key}. Make sure that nobody else does.`),
		run: () => act({ id: key.id }, 'reveal'),
	});
	if (!seen) return;
	refreshAll();
	showMade(key.name, seen);
}

const copySecret = key => attempt(act({ id: key.id }, 'reveal').then(seen => copy(seen.text)), isCopied => isCopied ? 'Copied. The audit says that you did.' : 'Not copied: use Reveal.');

export const edit = key => ask('Edit', {
	action: 'Save',
	content: [
		nameField(key.name),
		field('Scopes', text('scopes', { value: key.scopes.join(' ') }), 'What its holder may do; several with spaces between.'),
		isPair(key) && tick('login', 'May log in with its Secret', key.clientSecretAllowed, 'Without, it can only sign.'),
	],
	run: v => patch(key, { name: v('name'), scopes: listOf(v('scopes')), clientSecretAllowed: isPair(key) ? v.has('login') : undefined }),
	said: () => 'Saved.',
});

const drop = key => erase(key, 'Delete', [
	h('p', t`${key} ${key.state === 'revoked' ? 'is revoked already.' : 'is revoked first, and refused from the next request on.'} Its row goes; the audit stays.`),
	key.state !== 'revoked' && usage(key),
], () => t`${key} is deleted.`);

export function actions(key) {
	const mayChange = may('manage') && key.state !== 'revoked', gives = mayGive(key);
	return [
		isPair(key) && ['Copy Key', 'copy', async () => done(await copy(key.key) ? 'Copied.' : 'Not copied.')],
		...key.canReveal ? [[isPair(key) ? 'Copy Secret' : 'Copy', 'copy', () => copySecret(key)], ['Reveal', 'eye', () => reveal(key)]] : [],
		...mayChange ? [
			gives && ['Renew', 'clock', () => renew(key)],
			isPair(key) && (key.state === 'rotating' ? ['End the former Secret', 'rotate', () => retire(key)] : gives && ['Rotate', 'rotate', () => rotate(key)]),
			isPair(key) && may('apiTokens') && ['Generate long-lived token', 'plus', () => newKey({ parent: key })],
			['Edit', 'edit', () => edit(key)],
			key.revokesAt && gives && ['Keep after all', 'check', () => attempt(act(key, 'keep'), t`${key} is kept.`)],
			key.status === 'suspended' ? gives && ['Resume', 'ok', () => resume(key)] : ['Suspend', 'pause', () => revoke(key, 'suspend')],
			['Revoke', 'ban', () => revoke(key), true],
		] : [],
		may('manage') && ['Delete', 'trash', () => drop(key), true],
	];
}
