// The address names page, filters and panel, so that a link can be shared and Back works.
const base = new URL(document.baseURI);
let show;

export function here() {
	const [page, id] = location.pathname.slice(base.pathname.length).split('/');
	return { page: page ?? '', id: id && decodeURIComponent(id), query: new URLSearchParams(location.search) };
}

// An address within the page. The workspace that was chosen goes along; null removes a value.
export function link(path, query) {
	const values = new URLSearchParams();
	const workspace = here().query.get('workspace');
	for (const [name, value] of Object.entries({ workspace, ...query })) {
		if (value) values.set(name, value);
	}
	return values.size ? `${path}?${values}` : path || './';
}

// The address of this page with some values changed.
export function withValues(changes) {
	const { page, id, query } = here();
	return link(id ? `${page}/${id}` : page, { ...Object.fromEntries(query), ...changes });
}

export function go(href, { replace, quiet } = {}) {
	history[replace ? 'replaceState' : 'pushState'](null, '', new URL(href, base));
	show(!quiet, quiet);
}

export function startRouting(render) {
	show = render;
	onpopstate = () => {
		document.querySelector('[closedby=closerequest]')?.close();
		show(false);
	};
	document.addEventListener('click', event => {
		const anchor = event.target.closest?.('a[href]');
		if (!anchor || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
		if (anchor.target || anchor.origin !== base.origin || !`${anchor.pathname}/`.startsWith(base.pathname)) return;
		event.preventDefault();
		go(anchor.href);
	});
	show(false);
}
