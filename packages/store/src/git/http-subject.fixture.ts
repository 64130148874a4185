import { type StoreSubject, serveGit } from '@slipway/testing';
import { makeSubject, NOBODY } from './git-store.fixture.ts';

const TOKEN = 'ghs_of_the_job';

/** A folder of a branch behind `git http-backend` that asks for a token. */
export const makeSubjectBehindHttp = async (): Promise<StoreSubject> => {
	let close = async () => {};
	const subject = await makeSubject(async ({ folder }) => {
		const server = await serveGit({ folder, token: TOKEN });
		close = server.close;
		const environment = { ...NOBODY, GITHUB_TOKEN: TOKEN, GITHUB_SERVER_URL: server.origin };
		return { remote: `${server.origin}/remote.git`, environment, folder: 'deep/journal' };
	});
	return {
		...subject,
		remove: async () => {
			await close();
			await subject.remove();
		},
	};
};
