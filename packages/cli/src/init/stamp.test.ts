import { addStamp, readStamp, toFileState } from './stamp.ts';

const OLD = 'a: 1\n';
const NEW = 'a: 2\n';

test.each([
	['nothing is there', undefined, NEW, 'new'],
	['init wrote the same', addStamp(NEW), NEW, 'same'],
	['init wrote something else', addStamp(OLD), NEW, 'changed'],
	['a checkout changed the line ends', addStamp(NEW).replaceAll('\n', '\r\n'), NEW, 'same'],
	['somebody edited it, and init has nothing new', `b: 0\n${addStamp(OLD)}`, OLD, 'kept'],
	['somebody edited it, and init has something new', `b: 0\n${addStamp(OLD)}`, NEW, 'edited'],
	['somebody made it what init wants', addStamp(OLD).replace('a: 1', 'a: 2'), NEW, 'changed'],
	['init never wrote it', 'name: mine\n', NEW, 'foreign'],
	['init never wrote it, but it is the same', NEW, NEW, 'changed'],
	['the stamp was taken out', OLD, NEW, 'foreign'],
	['the stamp is not the last line', `${addStamp(NEW)}b: 1\n`, NEW, 'foreign'],
	['it is empty', '', NEW, 'foreign'],
])('%s', (_, present, wanted, state) => {
	expect(toFileState(present, wanted)).toBe(state);
});

test('a stamp can be taken off again, and can name another text', () => {
	const { body, stamp } = readStamp(addStamp(OLD, NEW));
	expect(body).toBe(OLD);
	expect(readStamp(addStamp(NEW)).stamp).toBe(stamp);
});
