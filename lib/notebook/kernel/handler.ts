import { versions } from 'tslab';
import { JupyterHandlerImpl } from 'tslab/dist/jupyter';
import { toCharacters, toUnits } from './codePoints';
import type { CellExecutor } from './executor';
import { type Completeness, isComplete } from './isComplete';
import { describeQuickInfo } from './quickInfo';

type Requests = {
  [M in 'handleInspect' | 'handleIsComplete' | 'handleComplete' | 'handleShutdown']: Parameters<
    JupyterHandlerImpl[M]
  >[0];
};

/** tslab's answers to everything but running a cell, made safe: a question the compiler trips over gets an empty answer. */
export class KernelHandler extends JupyterHandlerImpl {
  constructor(private readonly inner: CellExecutor['inner']) {
    super(inner, false);
  }

  override handleKernel(): ReturnType<JupyterHandlerImpl['handleKernel']> {
    const reply = super.handleKernel();
    const status = { status: 'ok', debugger: false, supported_features: [] };
    return {
      ...reply,
      ...status,
      implementation: 'pathkernel',
      implementation_version: versions.tslab,
      language_info: { ...reply.language_info, version: versions.typescript },
      banner: `TypeScript ${versions.typescript} on Node ${versions.node}`,
    };
  }

  override handleIsComplete({ code }: Requests['handleIsComplete']): Completeness {
    return isComplete(code);
  }

  override handleInspect(
    request: Requests['handleInspect'],
  ): ReturnType<JupyterHandlerImpl['handleInspect']> {
    try {
      const info = this.inner.inspect(request.code, toUnits(request.code, request.cursor_pos));
      if (info) return { status: 'ok', found: true, data: describeQuickInfo(info), metadata: {} };
    } catch {
      // Nothing is known of it.
    }
    return { status: 'ok', found: false, data: {}, metadata: {} };
  }

  override handleComplete(
    request: Requests['handleComplete'],
  ): ReturnType<JupyterHandlerImpl['handleComplete']> {
    const { code, cursor_pos } = request;
    try {
      const reply = super.handleComplete({ code, cursor_pos: toUnits(code, cursor_pos) });
      return {
        ...reply,
        cursor_start: toCharacters(code, reply.cursor_start),
        cursor_end: toCharacters(code, reply.cursor_end),
      };
    } catch {
      return { status: 'ok', matches: [], cursor_start: cursor_pos, cursor_end: cursor_pos, metadata: {} };
    }
  }

  override handleShutdown(
    request: Requests['handleShutdown'],
  ): ReturnType<JupyterHandlerImpl['handleShutdown']> {
    return { ...{ status: 'ok' }, restart: request.restart };
  }
}
