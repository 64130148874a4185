import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReleaseCopy } from './release-copy.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-copy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const origin = join(folder, 'origin');
mkdirSync(join(origin, 'artifacts'), { recursive: true });
writeFileSync(join(origin, 'artifacts', 'a'), 'whole');

let count = 0;
const make = () => {
	count += 1;
	return ReleaseCopy.make(origin, join(folder, `copy-${count}`));
};

test.each<[string, (copy: ReleaseCopy) => Promise<void>]>([
	['written', (copy) => copy.write('artifacts/a', 'other')],
	['edited', (copy) => copy.edit('artifacts/a', (text) => `${text}.`)],
	['removed', (copy) => copy.remove('artifacts/a')],
	['linked away', (copy) => copy.linkAway('artifacts/a')],
])('the original stays as it is when a file is %s', async (_, change) => {
	const copy = await make();
	expect(await copy.readText('artifacts/a')).toBe('whole');
	await change(copy);
	expect(readFileSync(join(origin, 'artifacts', 'a'), 'utf8')).toBe('whole');
});

test('an edit that changes nothing is an error: it would try nothing', async () => {
	const copy = await make();
	await expect(copy.edit('artifacts/a', (text) => text.replace('x', 'y'))).rejects.toMatchObject({
		code: 'REHEARSAL_STATE_UNEXPECTED',
	});
});

test('it knows what is there', async () => {
	const copy = await make();
	expect(await copy.list('artifacts')).toEqual(['artifacts/a']);
	expect(await copy.list('records')).toEqual([]);
	expect([await copy.has('artifacts/a'), await copy.has('artifacts/b')]).toEqual([true, false]);
});
