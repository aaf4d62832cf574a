//! The norm of H1 of nodal values, as operations that can be differentiated.

use candle_core::{Device, Result, Tensor};

/// |v|^2 = integral of v^2 + |grad v|^2 of piecewise linear functions on n x n nodes.
pub struct H1 {
    nodes: usize,
    /// Conductances of the horizontal sides, [1, n, n - 1]: 1 inside, 1/2 on the boundary.
    across: Tensor,
    /// Of the vertical sides, [1, n - 1, n].
    along: Tensor,
}

impl H1 {
    /// The norm on n x n nodes.
    pub fn new(nodes: usize) -> Result<Self> {
        let edge = |k: usize| if k == 0 || k == nodes - 1 { 0.5f32 } else { 1.0 };
        let cells = nodes - 1;
        let across: Vec<f32> = (0..nodes).flat_map(|j| std::iter::repeat_n(edge(j), cells)).collect();
        let along: Vec<f32> = (0..cells).flat_map(|_| (0..nodes).map(edge)).collect();
        Ok(Self {
            nodes,
            across: Tensor::from_vec(across, (1, nodes, cells), &Device::Cpu)?,
            along: Tensor::from_vec(along, (1, cells, nodes), &Device::Cpu)?,
        })
    }

    /// The squares of the norms of the rows of [b, n^2].
    pub fn squared(&self, v: &Tensor) -> Result<Tensor> {
        let (n, cells) = (self.nodes, self.nodes - 1);
        let v = v.reshape((v.dim(0)?, n, n))?;
        let step = |axis: usize| v.narrow(axis, 1, cells)? - v.narrow(axis, 0, cells)?;
        let across = step(2)?.sqr()?.broadcast_mul(&self.across)?.sum((1, 2))?;
        let along = step(1)?.sqr()?.broadcast_mul(&self.along)?.sum((1, 2))?;
        // Both triangles of a cell have the lower left and the upper right corner.
        let corner = |i: usize, j: usize| v.narrow(1, j, cells)?.narrow(2, i, cells);
        let (low, high) = (corner(0, 0)?, corner(1, 1)?);
        let both = (&low + &high)?;
        let ends = (low.sqr()? + high.sqr()?)?;
        let mut mass = (&ends * 2.0)?;
        for middle in [corner(1, 0)?, corner(0, 1)?] {
            mass = (mass + ((&both + &middle)?.sqr()? + middle.sqr()?)?)?;
        }
        // Area h^2 / 2 over 12.
        let scale = 1.0 / (24.0 * (cells * cells) as f64);
        (across + along)? + (mass.sum((1, 2))? * scale)?
    }
}
