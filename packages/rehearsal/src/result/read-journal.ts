import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { RehearsalRecord } from '@slipway/report';

interface Loose {
	readonly [key: string]: unknown;
}

const toText = (path: string, record: Loose): string => {
	const get = (key: string) => (typeof record[key] === 'string' ? record[key] : '');
	const subjects = Array.isArray(record.subjects) ? record.subjects.length : 0;
	const packages = `${subjects} package${subjects === 1 ? '' : 's'}`;
	if (/\/plan(-\d+)?\.json$/.test(path))
		return `plan of ${get('version')} for ${packages}, frozen before the first upload`;
	if (path.endsWith('-end.json')) return `${get('state')}: ${get('reason')}`;
	if (path.startsWith('fences/')) return `${get('operation')} of ${get('version')} takes the project`;
	const verified = Array.isArray(record.verified) ? record.verified : [];
	const clients = verified.map(({ client }: Loose) => client).join(', ');
	const details = [get('target'), get('state'), get('reason'), clients].filter((text) => text !== '');
	return `${get('phase')}${details.length > 0 ? `: ${details.join(', ')}` : ''}`;
};

const readRecord = async (folder: string, path: string): Promise<Omit<RehearsalRecord, 'project'>> => {
	const file = join(folder, path);
	const [text, { mtime }] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
	try {
		const record = JSON.parse(text) as Loose;
		return { path, time: mtime.toISOString(), text: toText(path, record) };
	} catch {
		return { path, time: mtime.toISOString(), text: 'a record that was torn by a crash' };
	}
};

/** Every record of a journal folder, in the order in which it was written. */
export const readJournal = async (project: string, folder: string): Promise<readonly RehearsalRecord[]> => {
	const entries = await readdir(folder, { recursive: true }).catch(() => []);
	const paths = entries.map((path) => path.replaceAll('\\', '/')).filter((path) => path.endsWith('.json'));
	const records = await Promise.all(paths.map((path) => readRecord(folder, path)));
	return records
		.map((record) => ({ project, ...record }))
		.sort((a, b) => (a.time ?? '').localeCompare(b.time ?? ''));
};
