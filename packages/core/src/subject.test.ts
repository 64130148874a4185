import { toDependencyOrder } from './subject.ts';

const subject = (id: string, dependsOn: readonly string[] = [], target = 'npm') => ({
	target,
	id,
	dependsOn: [...dependsOn],
});

test.each<readonly [string, readonly ReturnType<typeof subject>[], readonly string[]]>([
	['nothing depends on anything', [subject('b'), subject('a')], ['b', 'a']],
	['dependencies first', [subject('a', ['b']), subject('b', ['c']), subject('c')], ['c', 'b', 'a']],
	['a circle, entered at its first one', [subject('a', ['b']), subject('b', ['a'])], ['b', 'a']],
	['what is not among them', [subject('a', ['x']), subject('b')], ['a', 'b']],
	['of another target', [subject('a', ['b']), subject('b', [], 'apt')], ['a', 'b']],
	['itself', [subject('a', ['a'])], ['a']],
])('%s', (_, subjects, expected) => {
	expect(toDependencyOrder(subjects).map(({ id }) => id)).toEqual(expected);
});

test('a thousand in a row, all needed by the last', () => {
	const subjects = Array.from({ length: 1000 }, (_, at) => subject(`p${at}`, at === 0 ? [] : [`p${at - 1}`]));
	expect(toDependencyOrder(subjects.toReversed()).map(({ id }) => id)).toEqual(subjects.map(({ id }) => id));
});
