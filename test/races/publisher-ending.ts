/** How a process says that it ended. in: its bytes are offered, or were already. */
export interface Ending {
	readonly end: 'in' | 'rolled-back' | 'not-ours' | 'stopped';
	/** Of a stop. */
	readonly code: string | null;
	readonly message: string | null;
	/** Plans that were made again because somebody had moved the pointer. */
	readonly replans: number;
	/** Writes of the store that found another writer first. */
	readonly conflicts: number;
}

/** Exit status of each end. */
export const EXIT = { in: 0, 'rolled-back': 0, 'not-ours': 4, stopped: 3 } as const;
