const MOST_KEPT = 1000;
const MOST_CHARACTERS = 64 * 1024;

/**
 * Answers about objects that are named by their ids, which last: a name of anything else may mean something else later, and
 * what is not there may come.
 */
export class Lasting {
	readonly #answers = new Map<string, string>();

	async get(
		ids: readonly string[],
		question: readonly string[],
		ask: () => Promise<string | undefined>,
	): Promise<string | undefined> {
		const key = question.join('\0');
		const known = this.#answers.get(key);
		if (known !== undefined) return known;
		const answer = await ask();
		if (answer === undefined || answer.length > MOST_CHARACTERS) return answer;
		if (!ids.every((id) => /^[0-9a-f]{40}$/.test(id))) return answer;
		if (this.#answers.size >= MOST_KEPT) this.#answers.clear();
		this.#answers.set(key, answer);
		return answer;
	}
}
