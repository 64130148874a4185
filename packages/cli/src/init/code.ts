/** What `slipway init` refuses. */
export type InitCode =
	/** The folder holds nothing that init knows how to build. */
	| 'INIT_PROJECT_UNKNOWN'
	/** A file of the project cannot be read as what it says it is. */
	| 'INIT_FILE_INVALID'
	| 'INIT_FILE_TOO_LARGE'
	/** A file or folder that init reads or writes is a link, a pipe or a device. */
	| 'INIT_FILE_NOT_PLAIN'
	/** A file was changed while init waited for an answer. */
	| 'INIT_FILE_CHANGED'
	/** A target was asked for that this project cannot have. */
	| 'INIT_TARGET_IMPOSSIBLE'
	/** An option cannot be read. */
	| 'INIT_OPTION_INVALID'
	/** The files could not be written; those that were there are as they were. */
	| 'INIT_NOT_WRITTEN';
