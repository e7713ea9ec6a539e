import { Component, type ReactNode } from "react";
import { Failure } from "./states";

interface State {
  error: unknown;
}

/** Shows what broke instead of an empty frame. */
export class Boundary extends Component<{ children: ReactNode }, State> {
  override state: State = { error: null };

  static getDerivedStateFromError(error: unknown): State {
    return { error };
  }

  override render(): ReactNode {
    if (!this.state.error) return this.props.children;
    return (
      <div className="page">
        <Failure error={this.state.error} onRetry={() => window.location.reload()} />
      </div>
    );
  }
}
