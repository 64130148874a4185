import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type AptView, observeApt } from './observe-apt.ts';
import { type NpmView, observeNpm } from './observe-npm.ts';
import { PACKAGE, type World } from './world.ts';

/** Everything that users of a world can see, and how the journal says that the last operation ended (null: it did not). */
export interface View {
	readonly npm: NpmView;
	readonly apt: AptView;
	readonly fences: number;
	readonly end: string | null;
}

const readEnd = async (folder: string): Promise<Pick<View, 'fences' | 'end'>> => {
	const names = await readdir(join(folder, 'fences', 'fault-probe')).catch((): string[] => []);
	const fences = names.filter((name) => /^\d+\.json$/.test(name)).sort();
	const last = fences.at(-1)?.replace('.json', '-end.json');
	if (last === undefined || !names.includes(last)) return { fences: fences.length, end: null };
	const record = JSON.parse(await readFile(join(folder, 'fences', 'fault-probe', last), 'utf8'));
	return { fences: fences.length, end: record.state };
};

/** @throws AssertionError where a registry shows something broken */
export const observe = async ({ front, folders }: World): Promise<View> => ({
	npm: await observeNpm(front.origin, PACKAGE),
	apt: await observeApt(folders.apt),
	...(await readEnd(folders.journal)),
});
