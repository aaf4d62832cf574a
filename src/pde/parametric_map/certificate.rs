//! The lines of the section `diffusion`.
