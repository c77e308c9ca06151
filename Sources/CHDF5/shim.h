// libhdf5 for Swift. Its constants are macros that call H5open() first, which the importer cannot see through:
// a function each.
#ifndef QCALO_CHDF5_H
#define QCALO_CHDF5_H

#include <hdf5.h>

static inline hid_t qcalo_h5t_native_float(void) { return H5T_NATIVE_FLOAT; }
static inline hid_t qcalo_h5t_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t qcalo_h5t_native_int64(void) { return H5T_NATIVE_INT64; }
static inline hid_t qcalo_h5t_ieee_f32le(void) { return H5T_IEEE_F32LE; }
static inline hid_t qcalo_h5t_ieee_f64le(void) { return H5T_IEEE_F64LE; }
static inline hid_t qcalo_h5t_std_i64le(void) { return H5T_STD_I64LE; }
static inline hid_t qcalo_h5t_c_s1(void) { return H5T_C_S1; }
static inline size_t qcalo_h5t_variable(void) { return H5T_VARIABLE; }

static inline hid_t qcalo_h5p_file_create(void) { return H5P_FILE_CREATE; }
static inline hid_t qcalo_h5p_file_access(void) { return H5P_FILE_ACCESS; }
static inline hid_t qcalo_h5p_dataset_create(void) { return H5P_DATASET_CREATE; }
static inline hid_t qcalo_h5p_group_create(void) { return H5P_GROUP_CREATE; }
static inline hid_t qcalo_h5p_link_create(void) { return H5P_LINK_CREATE; }
static inline hid_t qcalo_h5p_link_access(void) { return H5P_LINK_ACCESS; }

static inline unsigned qcalo_h5f_acc_rdonly(void) { return H5F_ACC_RDONLY; }
static inline unsigned qcalo_h5f_acc_rdwr(void) { return H5F_ACC_RDWR; }
static inline unsigned qcalo_h5f_acc_trunc(void) { return H5F_ACC_TRUNC; }

static inline hid_t qcalo_default(void) { return H5P_DEFAULT; }
static inline hid_t qcalo_h5s_all(void) { return H5S_ALL; }
static inline hid_t qcalo_h5e_default(void) { return H5E_DEFAULT; }

// Locks fail on AFS, EOS and some NFS mounts, and nothing here needs them: files are renamed into place when complete.
// HDF5_USE_FILE_LOCKING in the environment still decides where a site wants otherwise.
static inline herr_t qcalo_without_file_locks(hid_t access) { return H5Pset_file_locking(access, 0, 1); }

// The types' names have versions in later releases.
static inline int qcalo_is_hard_link(hid_t group, const char *name) {
  H5L_info_t info;
  return H5Lget_info(group, name, &info, H5P_DEFAULT) >= 0 && info.type == H5L_TYPE_HARD;
}
// The size of a soft link's target with its end; 0 for every other link.
static inline size_t qcalo_soft_link_size(hid_t file, const char *name, hid_t access) {
  H5L_info_t info;
  return H5Lget_info(file, name, &info, access) >= 0 && info.type == H5L_TYPE_SOFT ? info.u.val_size : 0;
}

#endif
