import { SlipwayError } from '@slipway/core';
import { isAbsent, toErrno, toStoreError } from './store-error.ts';

const toSystemError = (code: unknown): Error => Object.assign(new Error(`${code}: no`), { code });

test.each([
	['ENOSPC', 'STORE_WRITE_FAILED', /disk space/],
	['EDQUOT', 'STORE_WRITE_FAILED', /quota/],
	['EROFS', 'STORE_READ_ONLY', /read-only/],
	['EACCES', 'STORE_READ_ONLY', /right to read and write in the folder\.$/],
	['EPERM', 'STORE_READ_ONLY', /hard links/],
	['EMFILE', 'STORE_WRITE_FAILED', /ulimit -n/],
	['ENFILE', 'STORE_WRITE_FAILED', /close some programs/],
	['EXDEV', 'STORE_WRITE_FAILED', /another file system/],
	['EISDIR', 'STORE_WRITE_FAILED', /^A folder lies where a file is to be/],
	['EEXIST', 'STORE_WRITE_FAILED', /the other way round/],
	['ENOTDIR', 'STORE_WRITE_FAILED', /^A file lies where a folder is to be: /],
	['ELOOP', 'STORE_WRITE_FAILED', /circle/],
	['EIO', 'STORE_WRITE_FAILED', /Look at the cause/],
])('%s while writing is %s and says what to do', (errno, code, hint) => {
	const cause = toSystemError(errno);
	const error = toStoreError('write', 'pool/a', cause);
	expect(error).toMatchObject({ code, cause });
	expect(error.hint).toMatch(hint);
	expect(error.message).toContain('pool/a: expected to write it');
});

test('whatever fails while reading, the store is unreadable', () => {
	for (const thrown of [toSystemError('EACCES'), toSystemError('EIO'), 'a text', null, undefined])
		expect(toStoreError('read', 'a', thrown).code).toBe('STORE_UNREADABLE');
});

test('an error of this project passes as it is', () => {
	const error = new SlipwayError('FENCED_OFF', 'another run', { hint: 'Wait.' });
	expect(toStoreError('write', 'a', error)).toBe(error);
});

test.each([
	[toSystemError('ENOENT'), 'ENOENT', true],
	[toSystemError('ENOTDIR'), 'ENOTDIR', true],
	[toSystemError('EACCES'), 'EACCES', false],
	[toSystemError(7), undefined, false],
	[toSystemError(''), '', false],
	[new Error('no code'), undefined, false],
	['ENOENT', undefined, false],
	[Object.assign(() => 0, { code: 'ENOENT' }), undefined, false],
	[null, undefined, false],
	[undefined, undefined, false],
])('what is thrown may be anything (%#)', (thrown, errno, absent) => {
	expect(toErrno(thrown)).toBe(errno);
	expect(isAbsent(thrown)).toBe(absent);
});
