/** A job of the run that speaks, as GitHub tells its end. */
export interface NoticeJob {
	readonly id: string;
	readonly result: 'success' | 'failure' | 'cancelled' | 'skipped';
}

/** What is where, for one subject of one target. */
export interface NoticeSubject {
	readonly target: string;
	readonly subject: string;
	readonly version: string;
	readonly state: string;
	readonly pointer: {
		readonly name: string;
		readonly previous: string | null;
		readonly next: string;
		/** undefined: not looked at. */
		readonly current: string | null | undefined;
	};
	readonly problem?: string | undefined;
}

/** How to go on. */
export interface NoticeWay {
	/** From the Actions page: the workflow's name there, and the inputs of the caller. */
	readonly dispatch: {
		readonly workflow: string;
		readonly operation: string;
		readonly tag: string | null;
	} | null;
	/** In a clone of the project. */
	readonly command: string | null;
	/** Running the failed jobs again goes on: nothing was published, or everything is. */
	readonly again: boolean;
}

/** How an operation ended, for people who have to do something about it. */
export interface Notice {
	readonly project: string;
	/** null: the run did not come far enough to know it. */
	readonly version: string | null;
	readonly operation: string;
	/** Something is left to do. */
	readonly failed: boolean;
	/** It has come to its end, as far as this run can tell. */
	readonly ended: boolean;
	/** End state, asked of the targets; null: nothing was planned, or they could not be asked. */
	readonly state: string | null;
	/** One sentence: why. */
	readonly cause: string;
	readonly jobs: readonly NoticeJob[];
	readonly subjects: readonly NoticeSubject[];
	readonly way: NoticeWay | null;
	/** Address of the run's page. */
	readonly run: string | null;
}
