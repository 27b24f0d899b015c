import { advice, empty, healthNames, list } from '../ui.js';
import { columns } from '../keys/columns.js';

export const health = () => list({
	title: 'Key health',
	path: 'health',
	filters: [['health', 'Anything', healthNames]],
	columns: [columns.name, ['What to look at', advice], columns.state, columns.expires, columns.used, columns.menu],
	none: () => empty('ok', 'All is well', 'No key is idle, overdue, without an end, or still used with its former Secret.'),
});
