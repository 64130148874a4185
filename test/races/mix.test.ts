import { toMix, toRandom } from './mix.ts';

test('a seed gives the same mix again, another one another', () => {
	expect(toMix(7, 20)).toEqual(toMix(7, 20));
	expect(toMix(7, 20)).not.toEqual(toMix(8, 20));
});

test.each([1, 2, 3, 4, 5])(
	'every mix of twenty has clashes, common versions, packages released together and rollbacks: seed %s',
	(seed) => {
		const mix = toMix(seed, 20);
		expect(mix).toHaveLength(20);
		const debs = mix.flatMap((task) => (task.kind === 'publish' ? task.debs : []));
		const contents = (name: string, version: string) =>
			debs.filter((deb) => deb.name === name && deb.version === version).map(({ content }) => content);
		expect(new Set(contents('beta', '2.0-1')).size).toBeGreaterThan(1);
		expect(contents('alpha', '2.0-1').length).toBeGreaterThan(1);
		expect(mix.filter((task) => task.kind === 'publish' && task.debs.length === 2)).toHaveLength(2);
		expect(mix.filter(({ kind }) => kind === 'rollback')).toHaveLength(4);
	},
);

test('numbers by chance are spread from 0 to 1', () => {
	const random = toRandom(42);
	const numbers = Array.from({ length: 1000 }, random);
	expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
	expect(Math.max(...numbers)).toBeLessThan(1);
	expect(numbers.reduce((sum, number) => sum + number, 0) / 1000).toBeCloseTo(0.5, 1);
});
